// Owns how values of settings that are more than a word are read.

/** `book=Book:books,…`, still unchecked. */
export function toNames(list: string): { name: string; single: string; plural: string }[] {
  return list
    .split(',')
    .filter((item) => item.trim() !== '')
    .map((item) => {
      const [name = '', names = ''] = item.split('=');
      const [single = '', plural = ''] = names.split(':');
      return { name: name.trim(), single: single.trim(), plural: plural.trim() };
    });
}

/** Whether it is the address of a site, with or without its scheme, and without credentials. */
export function isSiteAddress(given: string): boolean {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '';
}

/** Whether it is an address that webhooks can be sent to, with its scheme and without credentials. */
export function isTargetAddress(given: string): boolean {
  return /^https?:\/\//i.test(given) && isSiteAddress(given);
}
