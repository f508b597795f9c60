-- sqlite.wasm /sample.db @/sample.sql: tables, indexes, transactions, recursion, a rollback, integrity.
CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL, kind TEXT);
DELETE FROM item;
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO item SELECT i, printf('item-%04d', i), (i * 37 % 1000) / 10.0, CASE i % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END FROM n;
COMMIT;
CREATE INDEX IF NOT EXISTS item_by_price ON item (price, name);
SELECT kind, count(*), round(sum(price), 1), min(name), max(name) FROM item GROUP BY kind ORDER BY kind;
BEGIN;
DELETE FROM item WHERE kind = 'a';
SELECT 'within', count(*) FROM item;
ROLLBACK;
SELECT 'after rollback', count(*) FROM item;
UPDATE item SET name = upper(name) WHERE price > 99;
SELECT name, price FROM item WHERE price > 99.5 ORDER BY price DESC, name LIMIT 4;
SELECT a.name || ' ' || b.name FROM item a JOIN item b ON b.id = a.id * 2 WHERE a.id BETWEEN 10 AND 12;
SELECT substr(hex(zeroblob(3)), 1, 6), length(group_concat(name)) FROM item;
PRAGMA integrity_check;
