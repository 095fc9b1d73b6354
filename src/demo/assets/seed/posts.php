<?php
/**
 * Published posts, one for each oddity a client meets: ids 101 to 138.
 */

namespace Headgate\Demo\Seed;

return static function (): void {
	$gallery = block( 'gallery', "<figure class=\"wp-block-gallery has-nested-images columns-default is-cropped\">\n" . implode( "\n", array( image_block( 402 ), image_block( 406 ), image_block( 407, 'large', 'Grün &amp; geröstet' ) ) ) . "\n</figure>", array( 'linkTo' => 'none' ) );
	$blocks  = implode( "\n\n", array(
		block( 'heading', '<h2 class="wp-block-heading">A heading &amp; more</h2>' ),
		paragraphs( 12, 1 ),
		block( 'list', '<ul class="wp-block-list">' . block( 'list-item', '<li>Beans</li>' ) . block( 'list-item', '<li>Water</li>' ) . '</ul>' ),
		block( 'quote', '<blockquote class="wp-block-quote">' . block( 'paragraph', '<p>Ask for what you need.</p>' ) . '<cite>A barista</cite></blockquote>' ),
		block( 'code', '<pre class="wp-block-code"><code>query { posts(first: 2) { nodes { title } } } # &lt;ok&gt;</code></pre>' ),
		block( 'table', '<figure class="wp-block-table"><table><tbody><tr><td>p50</td><td>12 ms</td></tr><tr><td>p99</td><td>90 ms</td></tr></tbody></table></figure>' ),
		image_block( 401, 'large', 'The harbour' ),
		block( 'columns', '<div class="wp-block-columns">' . block( 'column', '<div class="wp-block-column">' . paragraphs( 3, 1, 1 ) . '</div>' ) . block( 'column', '<div class="wp-block-column">' . paragraphs( 4, 1, 1 ) . '</div>' ) . '</div>' ),
		block( 'buttons', '<div class="wp-block-buttons">' . block( 'button', '<div class="wp-block-button"><a class="wp-block-button__link wp-element-button" href="' . HOST . '/about/">About us</a></div>' ) . '</div>' ),
	) );

	$posts = array(
		101 => array( 'title' => 'Hello from the demo', 'slug' => 'hello-from-the-demo', 'author' => 1, 'image' => 406, 'cats' => array( 'code', 'graphql' ), 'tags' => array( 'rest-api' ), 'content' => paragraphs( 1, 3 ), 'excerpt' => 'Where everything begins: a <em>short</em> welcome.', 'modified' => '2024-02-02 12:30:00', 'meta' => array( 'subtitle' => 'It begins', 'reading_minutes' => 3, '_yoast_wpseo_metadesc' => 'A welcome to the demo of Headgate, “quotes” & all.' ) ),
		102 => array( 'title' => 'Tom & Jerry\'s "quoted" <em>title</em> – 100% “real” <b>', 'slug' => 'tom-jerrys-quoted-title', 'image' => 407, 'cats' => array( 'coffee', 'kaese-oel' ), 'tags' => array( 'quotes', 'question' ), 'excerpt' => 'Fish & chips, "quoted" <strong>excerpt</strong>' ),
		103 => array( 'title' => '🎉 Release party 🥳 — version 2.0', 'slug' => 'release-party', 'author' => 5, 'image' => 409, 'cats' => array( 'code' ), 'tags' => array( 'emoji' ), 'content' => paragraphs( 3, 2 ) . "\n\n" . block( 'paragraph', '<p>👩‍💻 + ☕️ = 💚</p>' ) ),
		104 => array( 'title' => '日本語の記事', 'slug' => '日本語の記事', 'author' => 4, 'image' => 411, 'cats' => array( 'coffee' ), 'tags' => array( '日本' ), 'content' => block( 'paragraph', '<p>これは日本語の記事です。コーヒーとコードについて書きます。</p>' ) ),
		105 => array( 'title' => '東京の春', 'slug' => '東京の春の珈琲', 'author' => 4, 'image' => 411, 'cats' => array( 'coffee' ), 'tags' => array( '日本', 'slow' ), 'content' => block( 'paragraph', '<p>桜が咲きました。</p>' ), 'excerpt' => '桜と珈琲。' ),
		106 => array( 'title' => 'مرحبا بالعالم', 'slug' => 'مرحبا', 'author' => 6, 'cats' => array( 'code' ), 'content' => block( 'paragraph', '<p dir="rtl">نص من اليمين إلى اليسار.</p>' ) ),
		107 => array( 'title' => 'Über Größe & Maß', 'slug' => 'ueber-groesse-und-mass', 'author' => 3, 'image' => 407, 'cats' => array( 'kaese-oel' ), 'tags' => array( 'umlaut' ), 'meta' => array( 'subtitle' => 'Ein Maß für alles' ) ),
		108 => array( 'title' => '', 'slug' => '', 'content' => block( 'paragraph', '<p>A post without a title; its slug is its id.</p>' ), 'cats' => array( 'code' ) ),
		109 => array( 'title' => 'A very long title ' . trim( str_repeat( 'that goes on and on ', 14 ) ), 'slug' => 'a-very-long-title', 'author' => 5, 'image' => 401, 'cats' => array( 'code' ), 'content' => paragraphs( 9, 60, 5 ), 'meta' => array( 'reading_minutes' => 25 ) ),
		110 => array( 'title' => 'Before and after the more tag', 'slug' => 'more-tag', 'cats' => array( 'brewing' ), 'content' => paragraphs( 10, 1 ) . "\n\n" . block( 'more', '<!--more Go on, read the rest-->', array( 'customText' => 'Go on, read the rest' ) ) . "\n\n" . paragraphs( 11, 2 ) ),
		111 => array( 'title' => 'In three pages', 'slug' => 'in-three-pages', 'cats' => array( 'code' ), 'content' => paragraphs( 5, 1 ) . "\n\n" . block( 'nextpage', '<!--nextpage-->' ) . "\n\n" . paragraphs( 6, 1 ) . "\n\n" . block( 'nextpage', '<!--nextpage-->' ) . "\n\n" . paragraphs( 7, 1 ) ),
		112 => array( 'title' => 'Every block we could find', 'slug' => 'every-block', 'author' => 5, 'image' => 401, 'cats' => array( 'code' ), 'tags' => array( 'cpp' ), 'content' => $blocks, 'meta' => array( 'footnotes' => '[{"id":"f1","content":"A footnote."}]' ) ),
		113 => array( 'title' => 'A gallery of blocks', 'slug' => 'gallery-of-blocks', 'author' => 3, 'image' => 402, 'cats' => array( 'coffee' ), 'content' => $gallery ),
		114 => array( 'title' => 'A gallery from before blocks', 'slug' => 'classic-gallery', 'author' => 3, 'cats' => array( 'coffee' ), 'content' => "Classic text, no blocks.\n\n[gallery ids=\"402,406,407\" columns=\"3\"]\n\nAnd a \"second\" paragraph -- with dashes..." ),
		115 => array( 'title' => 'Same title', 'slug' => 'same-title', 'cats' => array( 'code' ) ),
		116 => array( 'title' => 'Same title', 'slug' => 'same-title-2', 'author' => 5, 'cats' => array( 'code' ) ),
		117 => array( 'title' => 'Pinned: opening hours', 'slug' => 'opening-hours', 'image' => 406, 'sticky' => true, 'cats' => array( 'coffee' ) ),
		118 => array( 'title' => 'Pinned: the house rules', 'slug' => 'house-rules', 'sticky' => true, 'cats' => array( 'coffee' ) ),
		119 => array( 'title' => 'Pinned & modified', 'slug' => 'pinned-and-modified', 'author' => 3, 'sticky' => true, 'cats' => array( 'code' ), 'modified' => '2025-01-15 08:00:00' ),
		120 => array( 'title' => 'The secret recipe', 'slug' => 'the-secret-recipe', 'image' => 402, 'password' => 'sesame', 'cats' => array( 'brewing' ), 'tags' => array( 'espresso' ), 'content' => block( 'paragraph', '<p>Eighteen grams in, thirty-six grams out.</p>' ), 'excerpt' => 'Not for everyone.' ),
		121 => array( 'title' => 'Comments are closed', 'slug' => 'comments-are-closed', 'comments' => 'closed', 'cats' => array( 'code' ) ),
		122 => array( 'title' => 'Comments and pings are closed', 'slug' => 'all-closed', 'comments' => 'closed', 'pings' => 'closed', 'author' => 5, 'cats' => array( 'code' ) ),
		123 => array( 'title' => 'Aside', 'slug' => 'format-aside', 'format' => 'aside', 'cats' => array( 'code' ) ),
		124 => array( 'title' => 'Gallery', 'slug' => 'format-gallery', 'format' => 'gallery', 'cats' => array( 'coffee' ), 'content' => $gallery ),
		125 => array( 'title' => 'Link', 'slug' => 'format-link', 'format' => 'link', 'cats' => array( 'code' ), 'content' => block( 'paragraph', '<p><a href="https://graphql.org/">graphql.org</a></p>' ) ),
		126 => array( 'title' => 'Image', 'slug' => 'format-image', 'format' => 'image', 'image' => 404, 'cats' => array( 'code' ), 'content' => image_block( 404, 'full' ) ),
		127 => array( 'title' => 'Quote', 'slug' => 'format-quote', 'format' => 'quote', 'cats' => array( 'coffee' ), 'content' => block( 'quote', '<blockquote class="wp-block-quote">' . block( 'paragraph', '<p>Null is an answer too.</p>' ) . '</blockquote>' ) ),
		128 => array( 'title' => 'Status', 'slug' => 'format-status', 'format' => 'status', 'cats' => array( 'code' ) ),
		129 => array( 'title' => 'Video', 'slug' => 'format-video', 'format' => 'video', 'cats' => array( 'code' ), 'content' => block( 'html', '<iframe src="https://video.example/embed/1" width="560" height="315" title="A video"></iframe>' ) ),
		130 => array( 'title' => 'Audio', 'slug' => 'format-audio', 'format' => 'audio', 'cats' => array( 'coffee' ) ),
		131 => array( 'title' => 'Chat', 'slug' => 'format-chat', 'format' => 'chat', 'cats' => array( 'coffee' ), 'content' => "Ann: Coffee?\nBob: Always." ),
		132 => array( 'title' => 'With an excerpt by hand', 'slug' => 'excerpt-by-hand', 'author' => 5, 'image' => 412, 'cats' => array( 'graphql' ), 'tags' => array( 'rest-api', 'espresso' ), 'excerpt' => 'Written by hand, with a <a href="https://example.com/?a=1&b=2">link</a> & an ampersand.' ),
		133 => array( 'title' => 'Nothing but a title', 'slug' => 'nothing-but-a-title', 'content' => '', 'cats' => array( 'code' ) ),
		134 => array( 'title' => 'Markup shown, not run', 'slug' => 'markup-shown', 'cats' => array( 'code' ), 'content' => block( 'code', '<pre class="wp-block-code"><code>&lt;script&gt;alert("hi")&lt;/script&gt;</code></pre>' ) . "\n\n" . block( 'html', '<script>window.demo = "</" + "p>";</script>' ) ),
		135 => array( 'title' => 'An embed that nobody answers', 'slug' => 'an-embed', 'cats' => array( 'code' ), 'content' => block( 'embed', "<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n</div></figure>", array( 'url' => 'https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'type' => 'video', 'providerNameSlug' => 'youtube' ) ) ),
		136 => array( 'title' => 'A search for the word cardamom', 'slug' => 'cardamom', 'author' => 3, 'image' => 407, 'cats' => array( 'filter' ), 'tags' => array( 'slow' ), 'content' => block( 'paragraph', '<p>Only this post and one page speak of cardamom.</p>' ) ),
		137 => array( 'title' => 'A tag whose slug is a number', 'slug' => 'numeric-tag', 'cats' => array( 'code' ), 'tags' => array( '2024' ) ),
		138 => array( 'title' => 'In many places at once', 'slug' => 'in-many-places', 'author' => 5, 'image' => 403, 'cats' => array( 'coffee', 'brewing', 'filter', 'code', 'graphql', 'kaese-oel' ), 'tags' => array( 'espresso', 'rest-api', 'cpp', 'question', 'umlaut', 'slow' ) ),
	);
	foreach ( $posts as $id => $post ) {
		$post += array( 'content' => paragraphs( $id, 2 + $id % 4 ) );
		// Ten days apart, each at another time of day; winter and summer time both.
		$day = ( new \DateTimeImmutable( '2023-01-09 07:05:09' ) )->modify( '+' . ( $id - 101 ) * 10 . ' days +' . ( $id - 101 ) * 17 . ' minutes' );
		make_post( $id, $post + array( 'date' => $day->format( 'Y-m-d H:i:s' ), 'terms' => array( 'category' => $post['cats'], 'post_tag' => $post['tags'] ?? array() ) ) );
	}

	// Revisions, which leave their mark on the count in _links; then the date of the change is fixed again.
	foreach ( array( 'A first look', 'Hello from the demo' ) as $title ) {
		must( wp_update_post( wp_slash( array( 'ID' => 101, 'post_title' => $title ) ), true ) );
	}
	set_row( 101, array( 'post_modified' => '2024-02-02 12:30:00', 'post_modified_gmt' => '2024-02-02 11:30:00' ) );
	foreach ( wp_get_post_revisions( 101 ) as $revision ) {
		set_row( $revision->ID, array( 'post_date' => '2024-02-02 12:30:00', 'post_date_gmt' => '2024-02-02 11:30:00', 'post_modified' => '2024-02-02 12:30:00', 'post_modified_gmt' => '2024-02-02 11:30:00' ) );
	}

	foreach ( array( 402 => 113, 404 => 126, 407 => 107, 406 => 101 ) as $media => $parent ) {
		set_row( $media, array( 'post_parent' => $parent ) );
	}
};
