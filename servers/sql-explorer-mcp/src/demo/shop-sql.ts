/** A made-up shop, the same every time: all values follow from row numbers. */
export const shopSql = `
CREATE TYPE order_status AS ENUM ('placed', 'paid', 'shipped', 'delivered', 'returned');

CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name VARCHAR NOT NULL,
  email VARCHAR NOT NULL UNIQUE,
  country VARCHAR NOT NULL,
  signed_up_on DATE NOT NULL
);
CREATE TABLE categories (
  id INTEGER PRIMARY KEY,
  name VARCHAR NOT NULL UNIQUE
);
CREATE TABLE products (
  id INTEGER PRIMARY KEY,
  category_id INTEGER NOT NULL REFERENCES categories (id),
  name VARCHAR NOT NULL,
  price DECIMAL(8, 2) NOT NULL CHECK (price > 0),
  discontinued BOOLEAN NOT NULL DEFAULT false
);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  status order_status NOT NULL,
  placed_at TIMESTAMP NOT NULL,
  delivered_at TIMESTAMP
);
CREATE TABLE order_items (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  line INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES products (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price DECIMAL(8, 2) NOT NULL,
  PRIMARY KEY (order_id, line)
);
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  body VARCHAR
);

INSERT INTO customers
SELECT i,
  ['Ada', 'Bela', 'Chike', 'Dora', 'Emeka', 'Freja', 'Goran', 'Hana', 'Ines', 'Jonas'][i % 10 + 1] || ' ' ||
  ['Okafor', 'Lindgren', 'Moreau', 'Petrov', 'Sato', 'Weber', 'Rossi'][i % 7 + 1],
  'customer' || i || '@example.com',
  ['DE', 'FR', 'JP', 'NG', 'SE', 'IT'][i * 5 % 6 + 1],
  DATE '2024-01-01' + (i * 37 % 640)::INTEGER
FROM range(1, 201) t(i);

INSERT INTO categories VALUES (1, 'Coffee'), (2, 'Tea'), (3, 'Mugs'), (4, 'Grinders'), (5, 'Books'), (6, 'Filters');

INSERT INTO products
SELECT i, i % 6 + 1,
  ['House', 'Mountain', 'Harbour', 'Night', 'Garden', 'Winter', 'Copper', 'Paper', 'Amber', 'Stone'][i % 10 + 1] || ' ' ||
  ['Roast', 'Leaf', 'Cup', 'Mill', 'Guide', 'Sieve'][i % 6 + 1] || ' ' || i,
  (i * 173 % 4200 + 350) / 100.0,
  i % 17 = 0
FROM range(1, 61) t(i);

INSERT INTO orders
SELECT i, (i * 7919) % 200 + 1,
  CASE WHEN i % 29 = 0 THEN 'returned' WHEN i <= 1700 THEN 'delivered' WHEN i <= 1850 THEN 'shipped'
       WHEN i <= 1950 THEN 'paid' ELSE 'placed' END::order_status,
  TIMESTAMP '2025-01-03 08:00:00' + to_minutes((i * 347 + i % 60)::BIGINT),
  CASE WHEN i <= 1700 THEN TIMESTAMP '2025-01-03 08:00:00' + to_minutes((i * 347 + 2880 + i * 13 % 5760)::BIGINT) END
FROM range(1, 2001) t(i);

INSERT INTO order_items
SELECT o.i, line, (o.i * 31 + line * 17) % 60 + 1, (o.i + line) % 4 + 1, p.price
FROM range(1, 2001) o(i), range(1, 4) l(line)
JOIN products p ON p.id = (o.i * 31 + line * 17) % 60 + 1
WHERE line <= o.i % 3 + 1;

INSERT INTO reviews
SELECT i, i * 11 % 60 + 1, i * 13 % 200 + 1, 5 - (i * i % 11) // 3,
  ['Would buy again.', 'Arrived late, tastes fine.', 'Not for me.', 'A gift, well received.', NULL][i % 5 + 1]
FROM range(1, 401) t(i);

CREATE VIEW monthly_revenue AS
SELECT date_trunc('month', o.placed_at)::DATE AS month, c.name AS category,
  sum(i.quantity * i.unit_price) AS revenue, count(DISTINCT o.id) AS orders
FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
JOIN categories c ON c.id = p.category_id
WHERE o.status <> 'returned' GROUP BY ALL;

COMMENT ON TABLE customers IS 'People with an account.';
COMMENT ON TABLE categories IS 'Product groups shown in the shop.';
COMMENT ON TABLE products IS 'Everything on sale now or before.';
COMMENT ON TABLE orders IS 'One row per checkout.';
COMMENT ON TABLE order_items IS 'Lines of an order, with the price paid at the time.';
COMMENT ON TABLE reviews IS 'Stars and words customers left for products.';
COMMENT ON VIEW monthly_revenue IS 'Revenue per month and category without returned orders.';
COMMENT ON COLUMN customers.country IS 'ISO 3166-1 alpha-2 code of the delivery address.';
COMMENT ON COLUMN orders.delivered_at IS 'Empty until the parcel arrived.';
COMMENT ON COLUMN order_items.unit_price IS 'Price at checkout; products.price may have changed since.';
`;
