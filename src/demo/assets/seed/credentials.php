<?php
/**
 * Passwords, made anew for each prepared site and never kept in the repository.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$users = array();
	foreach ( array( 'admin' => 'admin', 'editor' => 'edda', 'author' => 'oconnor', 'subscriber' => 'reader' ) as $role => $login ) {
		$user     = get_user_by( 'login', $login );
		$password = bin2hex( random_bytes( 12 ) );
		wp_set_password( $password, $user->ID );
		$made = \WP_Application_Passwords::create_new_application_password( $user->ID, array( 'name' => 'Headgate demo' ) );
		must( is_wp_error( $made ) ? $made : 1 );
		$users[ $role ] = array( 'id' => $user->ID, 'username' => $login, 'password' => $password, 'applicationPassword' => $made[0] );
	}
	wp_set_current_user( 1 );
	file_put_contents( '/site/credentials.json', wp_json_encode( array( 'users' => $users ), JSON_PRETTY_PRINT ) );
};
