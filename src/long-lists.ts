// Owns what is made of long lists: a variable is the same list for every alias and object that it is given to.

/** Of shorter ones it is made again sooner than found. */
const shortest = 100;

/** The same function, which makes something of each long list once; nobody may change a list after that. */
export function onceForLists<Item, Made>(make: (list: readonly Item[]) => Made): (list: readonly Item[]) => Made {
  const made = new WeakMap<readonly Item[], { readonly value: Made }>();
  return (list) => {
    if (list.length < shortest) return make(list);
    const known = made.get(list) ?? { value: make(list) };
    made.set(list, known);
    return known.value;
  };
}
