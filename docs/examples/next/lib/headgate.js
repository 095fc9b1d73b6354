// Owns the way to the gateway.

/**
 * Asks a query. What is asked without a token is kept until a webhook names one of its tags or the page that it is on,
 * and not longer than an hour; an answer to a token is for nobody else.
 */
export async function ask(query, variables, token, tags = []) {
  const response = await fetch(process.env.HEADGATE_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Preview ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
    ...(token ? { cache: 'no-store' } : { next: { revalidate: 3600, tags } }),
  });
  const { data, errors } = await response.json();
  if (errors?.[0].extensions.code === 'UNAUTHENTICATED') return null;
  // A part that fails is null, and the rest stands.
  if (!data) throw new Error(errors[0].message);
  return data;
}
