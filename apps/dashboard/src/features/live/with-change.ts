/** A list with one item replaced, added (last) or, when it is `null`, taken out. A list not yet read stays so. */
export function withChange<Item extends { id: string }>(
  list: Item[] | undefined,
  change: { id: string; item: Item | null },
): Item[] | undefined {
  if (!list) return list;
  const { id, item } = change;
  if (item === null) return list.filter((known) => known.id !== id);
  return list.some((known) => known.id === id)
    ? list.map((known) => (known.id === id ? item : known))
    : [...list, item];
}
