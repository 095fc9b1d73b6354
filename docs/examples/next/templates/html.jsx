// Owns HTML of WordPress, which has made it safe for its visitors.

export function Html({ as: Element = 'div', html }) {
  return <Element dangerouslySetInnerHTML={{ __html: html ?? '' }} />;
}
