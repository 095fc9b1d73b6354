// Owns images: WordPress has made copies in several sizes, of which the browser takes one that fits.

export function Image({ image }) {
  if (!image?.sourceUrl) return null;
  const { sourceUrl, srcSet, sizes, altText } = image;
  return (
    <img src={sourceUrl} srcSet={srcSet ?? undefined} sizes={sizes ?? undefined} alt={altText ?? ''} loading="lazy" />
  );
}
