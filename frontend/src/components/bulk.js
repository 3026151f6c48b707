/** Rows chosen in a table: counts them, and chooses or clears all of the page. */
export function bulk() {
  return {
    count: 0,
    get none() {
      return this.count === 0;
    },
    boxes() {
      return [...this.$root.querySelectorAll("input[name=ids]")];
    },
    recount() {
      const boxes = this.boxes();
      this.count = boxes.filter((box) => box.checked).length;
      this.$refs.all.checked = !this.none && this.count === boxes.length;
      this.$refs.all.indeterminate = !this.none && this.count < boxes.length;
    },
    chooseAll() {
      const { checked } = this.$refs.all;
      this.boxes().forEach((box) => { box.checked = checked; });
      this.recount();
    },
  };
}
