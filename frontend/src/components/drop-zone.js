/** A file field that also takes files dropped on it and shows their names. */
export function dropZone() {
  return {
    over: false,
    names: "",
    get chosen() {
      return this.names !== "";
    },
    enter() {
      this.over = true;
    },
    leave() {
      this.over = false;
    },
    drop(event) {
      this.over = false;
      this.$refs.input.files = event.dataTransfer.files;
      this.$refs.input.dispatchEvent(new Event("change", { bubbles: true }));
    },
    show() {
      this.names = [...this.$refs.input.files].map((file) => file.name).join(", ");
    },
  };
}
