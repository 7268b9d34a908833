# What other sites are told, and how they are gone back to.

back-to-host = Back to { $host }
foreign-host-title = We can’t use this link
foreign-host-body = The link that brought you here names a page to go back to, and we can’t lead you there. Nothing was changed. You can still add a card.
foreign-host-rule = For those who made the link: the page to go back to { $rule }.
foreign-origin-title = This origin is not registered
foreign-origin-body = Scripts of registered origins may read this. The wallet’s operator registers them under embed.origins.
