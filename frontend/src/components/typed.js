/** A dangerous act stays locked until its object's name has been typed. */
export function typed() {
  return {
    text: "",
    get locked() {
      return this.text.trim() !== this.$root.dataset.expected;
    },
  };
}
