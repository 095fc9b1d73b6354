<?php
/**
 * Installs WordPress into the empty database, without its own example content.
 */

define( 'WP_INSTALLING', true );
require '/wordpress/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

/** In the place of WordPress's own function: the one category that must exist, and no "Hello world!". */
function wp_install_defaults( $user_id ) {
	$term = wp_insert_term( 'Immigration Services', 'category', array( 'slug' => 'immigration-services-at-one-place' ) );
	update_option( 'default_category', $term['term_id'] );
}

wp_install( 'Headgate Demo – Café & Code', 'admin', 'admin@example.com', true, '', wp_slash( bin2hex( random_bytes( 12 ) ) ), 'en_US' );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'timezone_string', 'Europe/Berlin' );
update_option( 'gmt_offset', '' );
