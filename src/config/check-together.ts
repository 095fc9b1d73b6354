// Owns which settings need or exclude each other.

/** What is wrong with settings beside each other, in sentences for people. */
export function checkTogether(given: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  const oneOfTwo = lonelyCredential(given);
  if (oneOfTwo !== null) problems.push(oneOfTwo);
  if (given['PREVIEW_SECRET'] !== undefined && given['WORDPRESS_USERNAME'] === undefined) {
    problems.push(
      'PREVIEW_SECRET is set, but WORDPRESS_USERNAME is not; previews are read with the gateway’s own user.',
    );
  }
  if (given['API_KEYS_REQUIRED'] === 'on' && given['API_KEYS'] === undefined && given['API_KEYS_FILE'] === undefined) {
    problems.push('API_KEYS_REQUIRED is "on", but neither API_KEYS nor API_KEYS_FILE is set; nobody could ask.');
  }
  if (given['FORWARD_TO_WORDPRESS'] === 'on' && given['API_KEYS_REQUIRED'] === 'on') {
    problems.push('FORWARD_TO_WORDPRESS and API_KEYS_REQUIRED are both "on"; visitors of WordPress have no keys.');
  }
  // Processes that share a port lose connections where one of them stops listening to begin anew.
  if (given['WAIT_FOR_SITE'] === 'on' && Number(given['WORKERS'] ?? 1) > 1) {
    problems.push('WAIT_FOR_SITE is "on", but WORKERS is more than 1; only a single process can wait.');
  }
  if (given['WEBHOOK_TARGETS'] !== undefined && given['WEBHOOK_TARGETS_SECRET'] === undefined) {
    problems.push('WEBHOOK_TARGETS is set, but WEBHOOK_TARGETS_SECRET is not; webhooks are signed, so set both.');
  }
  if (given['PERSISTED_OPERATIONS'] === 'only' && given['PERSISTED_OPERATIONS_FILE'] === undefined) {
    problems.push('PERSISTED_OPERATIONS is "only", but PERSISTED_OPERATIONS_FILE is not set; nothing could be asked.');
  }
  return problems;
}

function lonelyCredential(given: Readonly<Record<string, string>>): string | null {
  const names = ['WORDPRESS_USERNAME', 'WORDPRESS_APPLICATION_PASSWORD'] as const;
  const missing = names.filter((name) => given[name] === undefined);
  const [name] = missing;
  if (missing.length !== 1 || name === undefined) return null;
  const other = names.find((candidate) => candidate !== name);
  return `${name} is not set, but ${other} is; set both or none.`;
}
