const stored = [
  { id: 1, item: 'garden gate', quantity: 1, unitPrice: 180, placed: '2025-09-30T08:12:00Z' },
  { id: 2, item: 'hinge', quantity: 4, unitPrice: 12.5, placed: '2025-10-02T16:40:00Z' },
  { id: 3, item: 'latch', quantity: 2, unitPrice: 9 },
];

export function listOrders(orders = stored) {
  return orders.map(({ id, item, quantity, unitPrice, placed }) => ({
    id,
    item,
    quantity,
    total: quantity * unitPrice,
    placedOn: placed.slice(0, 10),
  }));
}
