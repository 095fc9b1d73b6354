// Owns the form in which slugs are compared.

/** A slug as people write it: WordPress stores non-ASCII slugs percent-encoded in lower case. */
export function toSlug(slug: string): string {
  try {
    return decodeURIComponent(slug).toLowerCase();
  } catch {
    return slug.toLowerCase();
  }
}
