SET time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0;
CREATE TABLE penulis (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, nama VARCHAR(120) NOT NULL, surel VARCHAR(190) CHARACTER SET ascii UNIQUE,
  hak SET('tulis','sunting','terbit') NOT NULL DEFAULT 'tulis', aktif BIT(1) NOT NULL DEFAULT b'1') ENGINE=InnoDB;
CREATE TABLE artikel (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, penulis_id INT UNSIGNED NOT NULL, judul VARCHAR(255) NOT NULL, isi MEDIUMTEXT,
  ringkas TEXT, status ENUM('draf','terbit','arsip') NOT NULL DEFAULT 'draf', bendera BIT(12) NOT NULL, harga DECIMAL(20,6), bobot DOUBLE,
  terbit DATETIME, diubah TIMESTAMP(6) NULL, tahun YEAR, meta LONGTEXT CHECK (JSON_VALID(meta)), panjang INT AS (CHAR_LENGTH(judul)) STORED,
  FULLTEXT KEY cari (judul, isi), CONSTRAINT artikel_penulis FOREIGN KEY (penulis_id) REFERENCES penulis (id)) ENGINE=InnoDB COMMENT='Berita "kampus"; --';
CREATE TABLE komentar (id BIGINT PRIMARY KEY AUTO_INCREMENT, artikel_id INT UNSIGNED NOT NULL, nama VARCHAR(120), isi TEXT COLLATE utf8mb4_bin,
  dikirim DATETIME(3) NOT NULL, alamat VARBINARY(16), KEY urut (artikel_id, dikirim),
  FOREIGN KEY (artikel_id) REFERENCES artikel (id) ON DELETE CASCADE) ENGINE=InnoDB;
CREATE TABLE media (nama VARBINARY(255) PRIMARY KEY, sidik BINARY(32) NOT NULL, isi MEDIUMBLOB, letak POINT) ENGINE=InnoDB;
CREATE TABLE pengaturan (kunci VARCHAR(60) PRIMARY KEY, nilai TEXT NULL) ENGINE=InnoDB;
CREATE TABLE kosong (id INT PRIMARY KEY, `order by` TINYINT(1)) ENGINE=InnoDB;
CREATE TABLE `tabel ``aneh``` (`kolom "ñ"` INT, `b` TIME(2), kunci_tidak_ada CHAR(3)) ENGINE=InnoDB;
CREATE SEQUENCE nomor_berita START WITH 1000 INCREMENT BY 3 NOCACHE;
