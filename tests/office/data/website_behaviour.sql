SELECT NEXTVAL(nomor_berita);
CREATE VIEW berita AS SELECT a.id, a.judul, p.nama FROM artikel a JOIN penulis p ON p.id = a.penulis_id WHERE a.status = 'terbit';
DELIMITER //
CREATE TRIGGER artikel_ubah BEFORE UPDATE ON artikel FOR EACH ROW BEGIN SET NEW.diubah = '2024-01-01 00:00:00.123456'; END//
CREATE DEFINER='website_aplikasi'@'localhost' PROCEDURE terbitkan (IN nomor INT) BEGIN UPDATE artikel SET status = 'terbit' WHERE id = nomor; END//
CREATE FUNCTION jumlah_komentar (nomor INT) RETURNS INT READS SQL DATA RETURN (SELECT COUNT(*) FROM komentar WHERE artikel_id = nomor)//
CREATE EVENT arsipkan ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' DO BEGIN UPDATE artikel SET status = 'arsip' WHERE tahun < 2000; END//
DELIMITER ;
