<?php
/**
 * People: the administrator, five authors of different rank, one who never wrote, one who only reads.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$people = array(
		2 => array( 'edda', 'edda-lindqvist', 'Edda Lindqvist', 'Edda', 'Lindqvist', 'editor', 'Edits <em>everything</em> &amp; everyone. Drinks it <strong>black</strong>.', 'https://edda.example/', 'edda_writes' ),
		3 => array( 'jmueller', 'juergen-mueller', 'Jürgen Müller', 'Jürgen', 'Müller', 'author', "Röstet Kaffee & schreibt über Maße.\n\nZweite Zeile, mit „Anführungszeichen“.", '', 'jmueller' ),
		4 => array( 'tanaka', 'yuki', '田中 ゆき', 'ゆき', '田中', 'author', '東京でコーヒーとコードについて書いています。', 'https://tanaka.example/', '' ),
		5 => array( 'oconnor', 'siobhan-oconnor', "Siobhán O'Connor", 'Siobhán', "O'Connor", 'author', 'Says "hello" < "goodbye" & means it. <a href="https://siobhan.example/">Home</a>', 'https://siobhan.example/?a=1&b=2', '' ),
		6 => array( 'amara', 'amara', 'Amara', 'Amara', '', 'contributor', '', '', '' ),
		7 => array( 'silent', 'silent-author', 'Silent Author', 'Sil', 'Ent', 'author', 'Has not written anything yet.', '', '' ),
		8 => array( 'reader', 'reader', 'Loyal Reader', 'Loyal', 'Reader', 'subscriber', '', '', '' ),
	);
	foreach ( $people as $id => [ $login, $nicename, $display, $first, $last, $role, $bio, $url, $twitter ] ) {
		$user = array(
			'user_login'      => $login,
			'user_pass'       => bin2hex( random_bytes( 12 ) ),
			'user_email'      => "$login@example.com",
			'user_nicename'   => $nicename,
			'display_name'    => $display,
			'first_name'      => $first,
			'last_name'       => $last,
			'nickname'        => $display,
			'description'     => $bio,
			'user_url'        => $url,
			'role'            => $role,
			'user_registered' => sprintf( '2022-0%d-15 09:30:00', $id ),
		);
		if ( must( wp_insert_user( wp_slash( $user ) ) ) !== $id ) {
			throw new \RuntimeException( "User $login has got another id than $id" );
		}
		if ( $twitter ) {
			update_user_meta( $id, 'twitter', $twitter );
		}
	}
	must( wp_update_user( array( 'ID' => 1, 'user_registered' => '2022-01-01 08:00:00', 'user_url' => HOST ) ) );
};
