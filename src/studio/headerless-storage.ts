// Owns what GraphiQL keeps in the browser: tabs, history and sizes, and never a header, which may be a password.

import type { Storage as GraphiqlStorage } from '@graphiql/toolkit';

/** A storage over that of the browser which lets no header in. */
export function createHeaderlessStorage(storage: Storage): GraphiqlStorage {
  return {
    get length() {
      return storage.length;
    },
    getItem: (key) => storage.getItem(key),
    setItem(key, value) {
      if (/headers$/i.test(key)) return;
      storage.setItem(key, withoutHeaders(value));
    },
    removeItem: (key) => storage.removeItem(key),
    clear: () => storage.clear(),
  };
}

function withoutHeaders(value: string): string {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value, (key, part: unknown) => (key === 'headers' ? null : part)));
  } catch {
    return value;
  }
}
