-- from 14: compression of columns.
CREATE TABLE s (a text COMPRESSION pglz, b text);
