PRAGMA application_id = 1347179081; PRAGMA user_version = 7;
CREATE TABLE buku (id INTEGER PRIMARY KEY, isbn TEXT UNIQUE, judul TEXT NOT NULL COLLATE NOCASE, tahun INTEGER, harga REAL, sampul BLOB, catatan);
CREATE TABLE anggota (nomor TEXT PRIMARY KEY, nama TEXT NOT NULL, terdaftar TEXT) WITHOUT ROWID;
CREATE TABLE peminjaman (id INTEGER PRIMARY KEY AUTOINCREMENT, buku_id INTEGER NOT NULL REFERENCES buku, nomor TEXT REFERENCES anggota,
  dipinjam TEXT NOT NULL, kembali TEXT, denda NUMERIC DEFAULT 0 CHECK (denda >= 0));
CREATE TABLE [tabel "aneh"] ("kolom 'petik'" , "SELECT" INT, x ANY);
CREATE TABLE kosong (id INTEGER);
CREATE INDEX terlambat ON peminjaman (dipinjam) WHERE kembali IS NULL;
CREATE VIEW dipinjam AS SELECT b.judul, p.nomor FROM peminjaman p JOIN buku b ON b.id = p.buku_id WHERE p.kembali IS NULL;
CREATE TRIGGER denda_wajar AFTER UPDATE OF denda ON peminjaman WHEN NEW.denda > 1000000 BEGIN SELECT RAISE(ABORT, 'denda tidak wajar'); END;
