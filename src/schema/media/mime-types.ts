// Owns the MIME types that WordPress lets people upload, and how words become names of enum values.

/** What `get_allowed_mime_types` of WordPress lists for users without special rights. */
export const mimeTypes: readonly string[] = [
  ...prefixed('application/', [
    'java',
    'msword',
    'octet-stream',
    'onenote',
    'oxps',
    'pdf',
    'rar',
    'rtf',
    'ttaf+xml',
    'wordperfect',
    'x-7z-compressed',
    'x-gzip',
    'x-tar',
    'zip',
  ]),
  ...prefixed('application/vnd.apple.', ['keynote', 'numbers', 'pages']),
  ...prefixed('application/vnd.ms-', [
    'access',
    'excel',
    'excel.addin.macroEnabled.12',
    'excel.sheet.binary.macroEnabled.12',
    'excel.sheet.macroEnabled.12',
    'excel.template.macroEnabled.12',
    'powerpoint',
    'powerpoint.addin.macroEnabled.12',
    'powerpoint.presentation.macroEnabled.12',
    'powerpoint.slide.macroEnabled.12',
    'powerpoint.slideshow.macroEnabled.12',
    'powerpoint.template.macroEnabled.12',
    'project',
    'word.document.macroEnabled.12',
    'word.template.macroEnabled.12',
    'write',
    'xpsdocument',
  ]),
  ...prefixed('application/vnd.oasis.opendocument.', [
    'chart',
    'database',
    'formula',
    'graphics',
    'presentation',
    'spreadsheet',
    'text',
  ]),
  ...prefixed('application/vnd.openxmlformats-officedocument.', [
    'presentationml.presentation',
    'presentationml.slide',
    'presentationml.slideshow',
    'presentationml.template',
    'spreadsheetml.sheet',
    'spreadsheetml.template',
    'wordprocessingml.document',
    'wordprocessingml.template',
  ]),
  ...prefixed('audio/', [
    'aac',
    'flac',
    'midi',
    'mpeg',
    'ogg',
    'wav',
    'x-matroska',
    'x-ms-wax',
    'x-ms-wma',
    'x-realaudio',
  ]),
  ...prefixed('image/', [
    'avif',
    'bmp',
    'gif',
    'heic',
    'heic-sequence',
    'heif',
    'heif-sequence',
    'jpeg',
    'png',
    'tiff',
    'webp',
    'x-icon',
  ]),
  ...prefixed('text/', ['calendar', 'css', 'csv', 'plain', 'richtext', 'tab-separated-values', 'vtt']),
  ...prefixed('video/', ['3gpp', '3gpp2', 'avi', 'divx', 'mp4', 'mpeg', 'ogg', 'quicktime', 'webm', 'x-flv']),
  ...prefixed('video/', ['x-matroska', 'x-ms-asf', 'x-ms-wm', 'x-ms-wmv', 'x-ms-wmx']),
];

/** Enum values by the names that WPGraphQL makes of them: `image/jpeg` is `IMAGE_JPEG`, `1536x1536` is `_1536X1536`. */
export function toEnumValues(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value) => [toEnumName(value), value]).filter(([name]) => name !== ''));
}

function toEnumName(value: string): string {
  const name = value.replaceAll(/[^A-Za-z0-9_]/g, '_').toUpperCase();
  // GraphQL keeps names that start with two underscores for itself.
  return name.replace(/^_*(?=\d)/, '_').replace(/^__+/, '_');
}

function prefixed(prefix: string, names: readonly string[]): string[] {
  return names.map((name) => prefix + name);
}
