const orders = [
  { id: 1, item: 'garden gate', quantity: 1, unitPrice: 180 },
  { id: 2, item: 'hinge', quantity: 4, unitPrice: 12.5 },
  { id: 3, item: 'latch', quantity: 2, unitPrice: 9 },
];

export function listOrders() {
  return orders.map(({ id, item, quantity }) => ({ id, item, quantity }));
}
