SET search_path = akademik;
SELECT setval('nomor_surat', 1730);
SELECT setval('krs_id_seq', (SELECT max(id) FROM krs));
CREATE FUNCTION hitung_ipk(siapa text) RETURNS numeric LANGUAGE sql STABLE SET search_path = akademik
  AS $isi$ SELECT round(avg(nilai) / 25, 2) FROM krs WHERE nim = siapa $isi$;
CREATE FUNCTION catat_perubahan() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.diubah := '2024-01-01 00:00:00+07'; RETURN NEW; END $$;
CREATE TRIGGER mahasiswa_diubah BEFORE UPDATE OF nama ON mahasiswa FOR EACH ROW EXECUTE FUNCTION catat_perubahan();
CREATE VIEW transkrip AS SELECT m.nim, m.nama, k.kode, k.nilai FROM mahasiswa m JOIN krs k USING (nim);
CREATE MATERIALIZED VIEW rekap AS SELECT kode, count(*) AS peserta, avg(nilai) AS rata FROM krs GROUP BY kode;
CREATE UNIQUE INDEX rekap_kode ON rekap (kode);
ALTER TABLE pembayaran ENABLE ROW LEVEL SECURITY;
CREATE POLICY bendahara ON pembayaran TO siakad_aplikasi USING (jumlah < 10000000);
GRANT USAGE ON SCHEMA akademik TO siakad_aplikasi;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA akademik TO siakad_aplikasi;
