// Owns HTML of WordPress, which has made it safe for its visitors.

export function Html({ as: Element = 'div', html }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: WordPress filters what its authors may write
  return <Element dangerouslySetInnerHTML={{ __html: html ?? '' }} />;
}
