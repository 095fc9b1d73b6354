<?php
/**
 * Conversations: threads up to three deep, people with and without an account, and what waits or was refused.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$comments = array(
		// post, author (user id or name), text, number of the comment it answers, status
		1  => array( 101, 'Ada', 'First! And "quoted" & <strong>strong</strong>.', 0, 1 ),
		2  => array( 101, 1, 'Welcome, Ada.', 1, 1 ),
		3  => array( 101, 'Ada', 'Thank you for the quick answer.', 2, 1 ),
		4  => array( 101, 'Björn', 'Wie schön!', 1, 1 ),
		5  => array( 101, '花子', 'こんにちは', 0, 1 ),
		6  => array( 101, 4, '花子さん、ようこそ。', 5, 1 ),
		7  => array( 101, 8, "A comment of a subscriber.\n\nIn two paragraphs.", 0, 1 ),
		8  => array( 101, 'Mallory', 'Waiting for a moderator.', 0, 0 ),
		9  => array( 101, 'Spammer', 'Buy cheap beans', 0, 'spam' ),
		10 => array( 102, 'Zoë', 'I counted: 100% & more.', 0, 1 ),
		11 => array( 102, 2, 'So did we 😀', 10, 1 ),
		12 => array( 102, 'Zoë', 'And the title?', 11, 1 ),
		13 => array( 104, 4, '日本語のコメント', 0, 1 ),
		14 => array( 112, 'Ned', 'Which block is the best?', 0, 1 ),
		15 => array( 112, 5, 'The quote.', 14, 1 ),
		16 => array( 112, 3, 'Die Tabelle!', 14, 1 ),
		17 => array( 112, 'Ned', 'The code, then.', 15, 1 ),
		18 => array( 112, 'Trashed', 'Thrown away.', 0, 'trash' ),
		19 => array( 117, 'Early Bird', 'Open at six?', 0, 1 ),
		20 => array( 117, 2, 'At seven.', 19, 1 ),
		21 => array( 120, 8, 'A comment on a protected post.', 0, 1 ),
		22 => array( 132, 'Iris', 'Short & good.', 0, 1 ),
		23 => array( 132, 'Iris', 'On second thought: very good.', 22, 1 ),
		24 => array( 138, 'Otto', 'You are everywhere.', 0, 1 ),
		25 => array( 145, 'Tess', 'Same second, other post.', 0, 1 ),
		26 => array( 145, 'Theo', 'Same second, same post.', 0, 1 ),
		27 => array( 204, 'Visitor', 'A comment on a page.', 0, 1 ),
		28 => array( 301, 8, 'Could not put it down.', 0, 1 ),
		29 => array( 301, 'Bookworm', 'I could.', 28, 1 ),
		30 => array( 301, 'Robot', 'Is this in stock?', 0, 0 ),
	);
	foreach ( $comments as $number => [ $post, $author, $text, $parent, $status ] ) {
		$user = is_int( $author ) ? get_userdata( $author ) : null;
		$mail = $user ? $user->user_email : 'guest' . $number . '@example.com';
		$date = in_array( $number, array( 25, 26 ), true ) ? '2025-04-25 08:00:00' : sprintf( '2025-04-%02d %02d:15:00', 1 + intdiv( $number, 2 ), 8 + $number % 12 );
		$id   = must( wp_insert_comment( wp_slash( array(
			'comment_post_ID'      => $post,
			'comment_parent'       => $parent,
			'user_id'              => $user ? $user->ID : 0,
			'comment_author'       => $user ? $user->display_name : $author,
			'comment_author_email' => $mail,
			'comment_author_url'   => $user ? $user->user_url : ( 0 === $number % 3 ? '' : 'https://guest.example/' . $number ),
			'comment_author_IP'    => '127.0.0.1',
			'comment_agent'        => 'Seed',
			'comment_content'      => $text,
			'comment_approved'     => $status,
			'comment_date'         => $date,
			'comment_date_gmt'     => get_gmt_from_date( $date ),
		) ) ) );
		if ( $id !== $number ) {
			throw new \RuntimeException( "Comment $number has got id $id" );
		}
	}
};
