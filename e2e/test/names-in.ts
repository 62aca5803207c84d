/** The names in a list of objects of the API, given as JSON, in its order. */
export function namesIn(list: string): readonly string[] {
  const { items } = JSON.parse(list) as { readonly items: readonly { readonly metadata: { readonly name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}
