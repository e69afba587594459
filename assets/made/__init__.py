"""Pictures and papers the publisher makes itself: words, a look and a format give bytes. Pure, but for `models`."""
