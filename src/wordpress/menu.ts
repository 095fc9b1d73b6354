// Owns what a menu and its items are, whichever source shows them.

/** A menu that the site shows. */
export interface Menu {
  /** Id of its term; made up where a source shows no ids. */
  readonly id: number;
  /** As WordPress stores it: HTML-escaped. */
  readonly name: string | null;
  readonly slug: string | null;
  /** The theme's names for the places where it is shown. */
  readonly locations: readonly string[];
}

/** What an item leads to. */
export interface MenuItemObject {
  /** `post_type`, `taxonomy`, `post_type_archive` or `custom`; null where the source does not tell. */
  readonly type: string | null;
  /** Name of the type of content or of the taxonomy. */
  readonly name: string | null;
  readonly id: number | null;
}

/** An item of a menu. */
export interface MenuItem {
  /** Id of its post; made up where a source shows no ids. */
  readonly id: number;
  readonly menuId: number;
  /** 0 at the top. */
  readonly parentId: number;
  readonly order: number;
  /** Plain text. */
  readonly label: string | null;
  readonly title: string | null;
  readonly url: string | null;
  readonly target: string | null;
  readonly rel: string | null;
  readonly description: string | null;
  /** The classes that people gave it, without those that WordPress adds. */
  readonly classes: readonly string[];
  readonly object: MenuItemObject;
}
