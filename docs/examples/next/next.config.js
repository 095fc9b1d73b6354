// Owns how the site is built: addresses end with a slash, as WordPress writes them.

/** @type {import('next').NextConfig} */
export default {
  trailingSlash: true,
  turbopack: { root: import.meta.dirname },
};
