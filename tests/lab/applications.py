"""How the real applications of the tests are put onto a lab host: from Debian's packages, with no way out of it."""

from __future__ import annotations

from tests.lab.lab import Lab
from tests.lab.visitor import PASSWORD, USER

_WEB = """set -e
systemctl start mariadb postgresql php8.2-fpm
rm -f /etc/nginx/sites-enabled/default
"""

_SITE = """cat > /etc/nginx/sites-enabled/{name} <<'END'
server {{
  listen {port};
  root {folder};
  index index.php;
  client_max_body_size 20m;
  location / {{ try_files $uri $uri/ /index.php?$args; }}
  location ~ \\.php$ {{ include snippets/fastcgi-php.conf; fastcgi_pass unix:/run/php/php8.2-fpm.sock; }}
}}
END
systemctl restart nginx
"""

_WORDPRESS = """cp -rL /usr/share/wordpress {folder}
cat > {folder}/wp-config.php <<'END'
<?php
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'wordpress' );
define( 'DB_PASSWORD', 'sandi-wordpress' );
define( 'DB_HOST', 'localhost' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'AUTH_KEY', 'uji' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_DEFAULT_THEME', 'kantor' );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {{ define( 'ABSPATH', __DIR__ . '/' ); }}
require_once ABSPATH . 'wp-settings.php';
END
mkdir -p {folder}/wp-content/uploads {folder}/wp-content/themes/kantor
echo '/* Theme Name: Kantor */' > {folder}/wp-content/themes/kantor/style.css
cat > {folder}/wp-content/themes/kantor/index.php <<'END'
<html><h1><?php bloginfo( 'name' ); ?></h1>
<?php while ( have_posts() ) {{ the_post(); the_title( '<h2>', '</h2>' ); the_content(); }} ?>
</html>
END
chown -R www-data: {folder}
mariadb -e "CREATE DATABASE wordpress CHARACTER SET utf8mb4;
CREATE USER wordpress@localhost IDENTIFIED BY 'sandi-wordpress';
GRANT ALL ON wordpress.* TO wordpress@localhost;"
"""

_MEDIAWIKI = """rm -f /var/lib/mediawiki/LocalSettings.php
cp -rL /var/lib/mediawiki {folder}
runuser -u postgres -- psql -qc "CREATE ROLE wiki LOGIN PASSWORD 'sandi-wiki'"
runuser -u postgres -- createdb -O wiki wiki
php {folder}/maintenance/install.php --dbtype postgres --dbserver localhost --dbname wiki --dbuser wiki \\
  --dbpass sandi-wiki --installdbuser wiki --installdbpass sandi-wiki --server {url} --scriptpath "" \\
  --pass {password} "Pengetahuan Kantor" {user}
sed -i 's/^$wgEnableUploads.*/$wgEnableUploads = true;/' {folder}/LocalSettings.php
mkdir -p {folder}/images
chown -R www-data: {folder}
"""


def web(lab: Lab, host: str) -> None:
    """The servers that both applications need."""
    lab.ssh(host, _WEB)


def wordpress(lab: Lab, host: str, folder: str) -> str:
    """WordPress on MariaDB, not yet installed by its form; return its address."""
    lab.ssh(host, "set -e\n" + _WORDPRESS.format(folder=folder))
    lab.ssh(host, "set -e\n" + _SITE.format(name="wordpress", port=80, folder=folder))
    return f"http://{lab.hosts[host].address}"


def mediawiki(lab: Lab, host: str, folder: str) -> str:
    """MediaWiki on PostgreSQL; return its address."""
    url = f"http://{lab.hosts[host].address}:8080"
    words = {"folder": folder, "url": url, "user": USER, "password": PASSWORD}
    lab.ssh(host, "set -e\n" + _MEDIAWIKI.format(**words))
    lab.ssh(host, "set -e\n" + _SITE.format(name="mediawiki", port=8080, folder=folder))
    return url
