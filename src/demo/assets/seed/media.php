<?php
/**
 * The media library: pictures drawn here, in sizes WordPress makes of them, and one document.
 */

namespace Headgate\Demo\Seed;

/** A gradient with circles and a label: no two are the same, each is the same at every run. */
function draw( int $seed, int $width, int $height, string $label ): \GdImage {
	$corner = imagecreatetruecolor( 2, 2 );
	foreach ( array( array( 0, 0 ), array( 1, 0 ), array( 0, 1 ), array( 1, 1 ) ) as $index => [ $x, $y ] ) {
		$tone = $seed * 53 + $index * 71;
		imagesetpixel( $corner, $x, $y, imagecolorallocate( $corner, $tone % 256, ( $tone * 3 ) % 256, ( $tone * 5 ) % 256 ) );
	}
	$image = imagecreatetruecolor( $width, $height );
	imagecopyresampled( $image, $corner, 0, 0, 0, 0, $width, $height, 2, 2 );
	for ( $i = 0; $i < 5; $i++ ) {
		$radius = (int) ( min( $width, $height ) / ( 2 + $i ) );
		$color  = imagecolorallocatealpha( $image, ( $seed * 37 + $i * 40 ) % 256, ( $seed * 17 ) % 256, 255 - $i * 40, 70 );
		imagefilledellipse( $image, (int) ( $width * ( 1 + ( $seed + $i ) % 5 ) / 6 ), (int) ( $height * ( 1 + ( $seed * 3 + $i ) % 4 ) / 5 ), $radius, $radius, $color );
	}
	imagestring( $image, 5, 10, 10, $label, imagecolorallocate( $image, 255, 255, 255 ) );
	return $image;
}

function write_picture( \GdImage $image, string $file ): void {
	match ( pathinfo( $file, PATHINFO_EXTENSION ) ) {
		'png'   => imagepng( $image, $file ),
		'gif'   => imagegif( $image, $file ),
		'webp'  => imagewebp( $image, $file, 80 ),
		default => imagejpeg( $image, $file, 80 ),
	};
}

/** Puts a file that lies in the uploads folder into the library. */
function make_media( int $id, string $file, string $type, array $media ): void {
	$row = array(
		'import_id'      => $id,
		'guid'           => HOST . '/wp-content/uploads/' . $file,
		'post_mime_type' => $type,
		'post_title'     => $media['title'],
		'post_name'      => $media['slug'] ?? '',
		'post_content'   => $media['description'] ?? '',
		'post_excerpt'   => $media['caption'] ?? '',
		'post_author'    => $media['author'] ?? 2,
		'post_date'      => $media['date'],
		'post_status'    => 'inherit',
	);
	$path = wp_get_upload_dir()['basedir'] . '/' . $file;
	if ( must( wp_insert_attachment( wp_slash( $row ), $path, 0, true ) ) !== $id ) {
		throw new \RuntimeException( "Attachment $id has got another id" );
	}
	wp_update_attachment_metadata( $id, wp_generate_attachment_metadata( $id, $path ) );
	if ( isset( $media['alt'] ) ) {
		update_post_meta( $id, '_wp_attachment_image_alt', $media['alt'] );
	}
}

return static function (): void {
	$pictures = array(
		401 => array( '2023/01/harbour-panorama.jpg', 3200, 1400, array( 'title' => 'Harbour panorama', 'alt' => 'The harbour at dawn', 'caption' => 'The harbour, <em>three streets down</em>.', 'description' => 'Wider than WordPress likes: it made a scaled copy.' ) ),
		402 => array( '2023/01/espresso-portrait.jpg', 900, 1350, array( 'title' => 'Espresso, upright', 'alt' => 'A cup of espresso "to go"', 'caption' => 'Short & strong', 'author' => 3 ) ),
		403 => array( '2023/02/tiny-bean.jpg', 120, 90, array( 'title' => 'Tiny bean', 'alt' => '' ) ),
		404 => array( '2023/02/latency-chart.png', 1280, 720, array( 'title' => 'Latency chart', 'alt' => 'A chart: p50 < p99', 'description' => 'Measured <strong>twice</strong>.', 'author' => 5 ) ),
		405 => array( '2023/03/steam.gif', 320, 240, array( 'title' => 'Steam', 'alt' => 'Steam over a cup' ) ),
		406 => array( '2023/03/counter.jpg', 1600, 900, array( 'title' => 'The counter', 'alt' => 'The counter of the café', 'caption' => 'Behind the counter' ) ),
		407 => array( '2024/05/roastery.jpg', 1600, 1067, array( 'title' => 'Rösterei', 'slug' => 'roesterei', 'alt' => 'Säcke in der Rösterei', 'caption' => 'Grün & geröstet', 'author' => 3 ) ),
		408 => array( '2024/05/share-card.jpg', 1200, 630, array( 'title' => 'Share card', 'alt' => 'Headgate' ) ),
		409 => array( '2024/05/logo-square.png', 1024, 1024, array( 'title' => 'Logo', 'alt' => 'Logo of the demo', 'author' => 1 ) ),
		410 => array( '2024/06/unpublished-sketch.jpg', 800, 600, array( 'title' => 'Sketch for a draft', 'alt' => 'A sketch' ) ),
		411 => array( '2024/06/tokyo-haru.jpg', 1500, 1000, array( 'title' => '東京の春', 'slug' => '東京の春', 'alt' => '桜と珈琲', 'caption' => '春です。', 'author' => 4 ) ),
		412 => array( '2024/12/milk-foam.webp', 640, 480, array( 'title' => 'Milk foam', 'alt' => 'Foam', 'author' => 5 ) ),
		4302 => array( '2025/03/whatsapp-image-2025-03-12-at-11.54.47.jpeg', 1200, 630, array( 'title' => 'whatsapp-image-2025-03-12-at-11.54.47.jpeg', 'alt' => '', 'author' => 1 ) ),
	);
	$base = wp_get_upload_dir()['basedir'];
	foreach ( $pictures as $id => [ $file, $width, $height, $media ] ) {
		wp_mkdir_p( dirname( "$base/$file" ) );
		write_picture( draw( $id, $width, $height, $media['title'] ), "$base/$file" );
		$day = 4302 === $id ? '2025-03-24 10:10:58' : substr( strtr( $file, '/', '-' ), 0, 7 ) . sprintf( '-%02d 10:00:00', $id - 400 );
		make_media( $id, $file, wp_check_filetype( $file )['type'], $media + array( 'date' => $day ) );
	}

	wp_mkdir_p( "$base/2024/12" );
	file_put_contents( "$base/2024/12/menu.pdf", "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n" );
	make_media( 413, '2024/12/menu.pdf', 'application/pdf', array( 'title' => 'Menu (PDF)', 'caption' => 'What we serve', 'description' => 'Prices & more.', 'date' => '2024-12-13 10:00:00' ) );
	update_option( 'site_icon', 409 );
};
