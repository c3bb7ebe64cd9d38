-- The two roles and the database, once, as a superuser:   psql -v ON_ERROR_STOP=1 -f deploy/postgresql.sql
-- The owner migrates; the application reads and writes rows, owns nothing, and cannot rewrite the ledger.
-- Change both passwords, here and in /etc/gongzhi.

CREATE ROLE gongzhi_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD 'change-me-too';
CREATE ROLE gongzhi_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD 'change-me';

CREATE DATABASE gongzhi OWNER gongzhi_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE gongzhi FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE gongzhi TO gongzhi_app;

\connect gongzhi
ALTER SCHEMA public OWNER TO gongzhi_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- An acknowledged report is on the disk.
ALTER DATABASE gongzhi SET synchronous_commit = on;
-- A page that hangs does not hold others for ever; migrations and backups take their time.
ALTER ROLE gongzhi_app SET lock_timeout = '20s';
ALTER ROLE gongzhi_app SET idle_in_transaction_session_timeout = '10min';
