/** A button that copies the text beside it and says so for a moment. */
export function copy() {
  return {
    copied: false,
    get waiting() {
      return !this.copied;
    },
    async copy() {
      await navigator.clipboard.writeText(this.$root.querySelector("[data-copy]").textContent.trim());
      this.copied = true;
      setTimeout(() => { this.copied = false; }, 2000);
    },
  };
}
