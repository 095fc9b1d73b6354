<?php
/**
 * Configuration of the demo WordPress. The address is the one the request came to, so that any port works.
 */

ini_set( 'display_errors', '0' ); // a notice before JSON would break every answer
ini_set( 'log_errors', '1' );

define( 'WP_HOME', 'http://' . ( $_SERVER['HTTP_HOST'] ?? 'demo.headgate.invalid' ) );
define( 'WP_SITEURL', WP_HOME );

define( 'DB_NAME', 'wordpress' ); // the SQLite drop-in wants one, whatever it is
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'DB_DIR', '/site/database/' );
define( 'DB_FILE', '.ht.sqlite' );
$table_prefix = 'wp_';

define( 'WPMU_PLUGIN_DIR', '/site/mu-plugins' );

define( 'WP_ENVIRONMENT_TYPE', 'local' ); // application passwords over plain HTTP
define( 'WP_DEBUG', false );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_AUTO_UPDATE_CORE', false );
define( 'DISALLOW_FILE_MODS', true );

defined( 'ABSPATH' ) || define( 'ABSPATH', '/wordpress/' );
require_once ABSPATH . 'wp-settings.php';
