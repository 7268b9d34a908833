# unreviewed

back-to-host = Wróć do { $host }
foreign-host-title = Nie możemy użyć tego linku
foreign-host-body = Link, który tu prowadzi, wskazuje stronę powrotną, do której nie możemy skierować. Nic nie zostało zmienione. Nadal można dodać kartę.
foreign-host-rule = Dla autorów linku (po angielsku): { $rule }.
foreign-origin-title = To źródło nie jest zarejestrowane
foreign-origin-body = Mogą to odczytać skrypty zarejestrowanych źródeł. Operator portfela rejestruje je w embed.origins.
