<?php
/**
 * Puts the address of this start in the place of the one the site was seeded with. Needs no WordPress.
 */

$database = new PDO( 'sqlite:/site/database/.ht.sqlite' );
$database->setAttribute( PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION );
$columns = array( 'wp_posts' => array( 'post_content', 'post_excerpt', 'guid' ), 'wp_postmeta' => array( 'meta_value' ), 'wp_options' => array( 'option_value' ), 'wp_users' => array( 'user_url' ), 'wp_comments' => array( 'comment_author_url' ) );
$database->beginTransaction();
foreach ( $columns as $table => $names ) {
	// Nothing serialized holds an address: lengths need no care.
	foreach ( $names as $name ) {
		$statement = $database->prepare( "UPDATE $table SET $name = replace($name, 'http://demo.headgate.invalid', :address) WHERE $name LIKE '%http://demo.headgate.invalid%'" );
		$statement->execute( array( 'address' => getenv( 'DEMO_ADDRESS' ) ) );
	}
}
$database->commit();
