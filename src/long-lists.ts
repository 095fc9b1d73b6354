// Owns what is made of long lists and texts, and of other objects that are large: a variable is the same one for every alias and
// object that it is given to.

/** Of shorter ones it is made again sooner than found. */
const shortest = 100;

/** Whether what is made of a list is kept. */
export function isLong(list: readonly unknown[]): boolean {
  return list.length >= shortest;
}

/** The same function, which makes something of each object once; nobody may change an object after that. */
export function onceForObjects<Item extends object, Made>(make: (item: Item) => Made): (item: Item) => Made {
  const made = new WeakMap<Item, { readonly value: Made }>();
  return (item) => {
    const known = made.get(item);
    if (known) return known.value;
    const value = make(item);
    made.set(item, { value });
    return value;
  };
}

/**
 * The same function, which remembers what it made of an object until there is another one. For scalars, which are asked for
 * one object after the other, each alias in a row; nothing is kept for as long as the object is.
 */
export function onceInARow<Item extends object, Made>(make: (item: Item) => Made): (item: Item) => Made {
  let last: { readonly item: Item; readonly made: Made } | undefined;
  return (item) => {
    if (last?.item !== item) last = { item, made: make(item) };
    return last.made;
  };
}

/** The same function, which makes something of each long list once; nobody may change a list after that. */
export function onceForLists<Item, Made>(make: (list: readonly Item[]) => Made): (list: readonly Item[]) => Made {
  const once = onceForObjects(make);
  return (list) => (isLong(list) ? once(list) : make(list));
}

/** So many characters of long texts are remembered: a body has no more, unless it may be larger than usual. */
const mostCharacters = 256 * 1024;

/** The same function, which remembers what it made of long texts: of as many as stand in one request. */
export function onceForTexts<Made>(make: (text: string) => Made): (text: string) => Made {
  const known = new Map<string, { readonly made: Made }>();
  let characters = 0;
  return (text) => {
    if (text.length < shortest) return make(text);
    const found = known.get(text);
    if (found) return found.made;
    characters += text.length;
    if (characters > mostCharacters) {
      known.clear();
      characters = text.length;
    }
    const made = make(text);
    known.set(text, { made });
    return made;
  };
}
