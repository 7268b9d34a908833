# unreviewed

launch-title = Przejdź do { $issuer }
launch-title-phone = Potrzebujesz aplikacji { $issuer }
launch-title-nothing = { $issuer }: ta usługa nie jest dostępna na tym urządzeniu
launch-step-1 = Zaloguj się w { $issuer }.
launch-step-2 = Wybierz kartę, którą chcesz dodać.
launch-step-code = Wpisz poniższy kod, gdy pojawi się prośba o niego.
launch-step-3 = Wróć tutaj. Resztą zajmiemy się my.
launch-host = Przejdziesz na stronę { $host }. Zanim się zalogujesz, sprawdź, czy widzisz ten adres.
launch-host-website = Strona to { $host }. Zanim się zalogujesz, sprawdź, czy widzisz ten adres.
launch-app = Otwórz aplikację { $issuer }
launch-app-android = Otwórz aplikację na Androida
launch-app-ios = Otwórz aplikację na iPhone’a
launch-app-only = Otwórz tylko aplikację
launch-have-app = Mam aplikację
launch-have-app-android = Mam aplikację na Androida
launch-have-app-ios = Mam aplikację na iPhone’a
launch-noapp = Nie mam aplikacji
launch-web = Kontynuuj na stronie { $issuer }
launch-web-plain = Przejdź do { $issuer }
launch-web-choice = Skorzystaj ze strony internetowej
launch-forward = Przechodzimy do { $issuer }. Aby tu zostać, dotknij strony lub naciśnij klawisz.
launch-hint-app = Na tym urządzeniu musi być aplikacja { $issuer } i musisz móc się w niej zalogować.
launch-hint-noopen = Aplikacja się nie otworzyła? Kontynuuj na stronie internetowej.
launch-hint-noopen-app = Aplikacja się nie otworzyła? Sprawdź, czy jest zainstalowana, i spróbuj ponownie.
launch-finished = Wszystko gotowe w { $issuer }? Sprawdź teraz
launch-other = Wybierz inny bank
launch-expiry = { $minutes ->
        [one] Masz około { $minutes } minuty. Potem zacznij tu od nowa; nic nie przepadnie.
        [few] Masz około { $minutes } minut. Potem zacznij tu od nowa; nic nie przepadnie.
        [many] Masz około { $minutes } minut. Potem zacznij tu od nowa; nic nie przepadnie.
       *[other] Masz około { $minutes } minuty. Potem zacznij tu od nowa; nic nie przepadnie.
    }
launch-degraded = { $issuer } ma problemy. Możesz spróbować, ale może się nie udać.
launch-down = { $issuer } jest teraz niedostępny. Możesz spróbować, ale prawdopodobnie się nie uda. Inne banki działają.
launch-not-this-phone = { $issuer } nie oferuje tego na tym rodzaju telefonu.
launch-only-phone-app = { $issuer } pozwala dodawać karty tylko w aplikacji na telefon. Otwórz { $wallet } na telefonie i zacznij tam. Karta zostanie dodana na telefonie.
launch-robot = Otwórz tę stronę w przeglądarce, aby dodać kartę.

launch-phone-summary = Użyj telefonu
launch-phone-only = { $issuer } działa tylko w aplikacji na telefon. Zeskanuj ten kod, aby kontynuować na telefonie.
launch-phone-body = Zeskanuj ten kod aparatem telefonu. { $wallet } otworzy się na telefonie i tam zaczniesz. Karta zostanie dodana na telefonie.
launch-phone-copy = Albo otwórz na telefonie ten adres: { $url }
launch-phone-close = Tę stronę na komputerze możesz zamknąć.
launch-phone-label = Kod QR, który otwiera { $wallet } na telefonie

touch-title = Używasz iPada
touch-body = Jeśli masz na nim aplikację { $issuer }, dodaj kartę w niej.
touch-noscript = Na iPadzie: otwórz aplikację { $issuer }

escape-title = Najpierw otwórz tę stronę w swojej przeglądarce
escape-body = To przeglądarka wewnątrz innej aplikacji. Twój bank wraca do zwykłej przeglądarki telefonu, w której nie da się dokończyć tego, co zaczniesz tutaj.
launch-hint-browser = To przeglądarka wewnątrz innej aplikacji. Najpierw otwórz { $wallet } w swojej zwykłej przeglądarce, żeby { $issuer } mógł do niej wrócić.
escape-menu = Otwórz menu (⋯ lub ⋮) i wybierz „Otwórz w przeglądarce”.
escape-menu-page = Przejdź na { $page }, potem otwórz menu (⋯ lub ⋮) i wybierz „Otwórz w przeglądarce”.
escape-first-page = pierwszą stronę
escape-copy = Albo skopiuj ten adres i wklej go w przeglądarce.
escape-address = Adres do otwarcia
escape-copy-button = Kopiuj
escape-copied = Skopiowano

same-title = Twój kod
same-asked = { $issuer } poprosi o ten kod.
same-may-be-asked = { $issuer } może poprosić o ten kod.
same-proof = Kod pokazuje, że to Ty zaczynasz tutaj.
same-only-site = Wpisz go tylko na stronie { $host }.
same-only-app = Wpisz go tylko w aplikacji { $issuer }.
same-only-both = Wpisz go tylko na stronie { $host } lub w aplikacji { $issuer }.
same-never = Nikt nie powinien nigdy prosić o odczytanie go na głos.

wait-title = Czekamy na { $issuer }
wait-body-app = Dokończ w aplikacji { $issuer }. Powinna sama tu wrócić. Jeśli tak się nie stanie, wróć na tę stronę.
wait-body-web = Dokończ na stronie { $issuer }. Powrót tutaj powinien nastąpić sam. Jeśli tak się nie stanie, wróć na tę stronę.
wait-body-both = Dokończ w aplikacji { $issuer } lub na stronie internetowej. Powrót tutaj powinien nastąpić sam. Jeśli tak się nie stanie, wróć na tę stronę.
wait-body-any = Dokończ w { $issuer }. Powrót tutaj powinien nastąpić sam. Jeśli tak się nie stanie, wróć na tę stronę.
wait-check = Skończone w { $issuer }
wait-app-again = Otwórz aplikację jeszcze raz
wait-web-again = Skorzystaj ze strony internetowej
wait-web-there = Przejdź tam jeszcze raz
wait-try-again = Spróbuj ponownie
wait-ways = Pokaż jeszcze raz, jak przejść do { $issuer }
wait-hint-noopen = Aplikacja się nie otworzyła? Skorzystaj ze strony internetowej.
wait-nothing-yet = { $issuer } nie przysłał jeszcze odpowiedzi. Najpierw dokończ tam, potem sprawdź ponownie.
wait-no-params = Nastąpił powrót z { $issuer } bez odpowiedzi. Może operacja została anulowana albo coś poszło tam nie tak.
wait-other-tab = To toczy się dalej w innej karcie przeglądarki. Tę możesz zamknąć.
wait-elsewhere = Powrót z { $issuer } nastąpił w innej przeglądarce, więc nie możemy dokończyć. Skorzystaj ze strony internetowej albo zacznij od nowa w tamtej przeglądarce.
wait-elsewhere-app = Powrót z { $issuer } nastąpił w innej przeglądarce, więc nie możemy dokończyć. Zacznij od nowa w tamtej przeglądarce.
wait-wrong-code = { $left ->
        [one] Odpowiedź { $issuer } nie zawierała poniższego kodu, więc nic nie zostało dodane. Przejdź tam jeszcze raz i wpisz go dokładnie tak, jak tu stoi. Pozostała { $left } próba.
        [few] Odpowiedź { $issuer } nie zawierała poniższego kodu, więc nic nie zostało dodane. Przejdź tam jeszcze raz i wpisz go dokładnie tak, jak tu stoi. Pozostały { $left } próby.
        [many] Odpowiedź { $issuer } nie zawierała poniższego kodu, więc nic nie zostało dodane. Przejdź tam jeszcze raz i wpisz go dokładnie tak, jak tu stoi. Pozostało { $left } prób.
       *[other] Odpowiedź { $issuer } nie zawierała poniższego kodu, więc nic nie zostało dodane. Przejdź tam jeszcze raz i wpisz go dokładnie tak, jak tu stoi. Pozostało { $left } próby.
    }

wait-digits = Powrót z { $issuer } nastąpił w innej przeglądarce. Widać tam sześć cyfr.
wait-digits-label = Sześć cyfr
wait-digits-hint = { $tries ->
        [one] Tylko jeśli widzisz je na własne oczy, na swoim urządzeniu. Masz { $tries } próbę.
        [few] Tylko jeśli widzisz je na własne oczy, na swoim urządzeniu. Masz { $tries } próby.
        [many] Tylko jeśli widzisz je na własne oczy, na swoim urządzeniu. Masz { $tries } prób.
       *[other] Tylko jeśli widzisz je na własne oczy, na swoim urządzeniu. Masz { $tries } próby.
    }
wait-digits-go = Kontynuuj tutaj
wait-digits-empty = Wpisz sześć cyfr
wait-digits-format = Kod ma sześć cyfr
wait-digits-wrong = To nie są cyfry, które pokazuje druga przeglądarka
wait-digits-spent = { $tries ->
        [one] Podano niewłaściwe cyfry.
       *[other] Niewłaściwe cyfry podano { $tries } razy.
    } Tego, co wróciło, nie da się już użyć. Skorzystaj ze strony internetowej albo zacznij od nowa w tamtej przeglądarce.
wait-digits-spent-app = { $tries ->
        [one] Podano niewłaściwe cyfry.
       *[other] Niewłaściwe cyfry podano { $tries } razy.
    } Tego, co wróciło, nie da się już użyć. Zacznij od nowa w tamtej przeglądarce.

other-same-person = Dodawanie karty { $issuer } zaczęło się w innej przeglądarce. Dla bezpieczeństwa karty kontynuujemy tutaj tylko z tą samą osobą.
other-nothing = W tej przeglądarce nie została dodana żadna karta.
other-signin = Zaloguj się tutaj, aby kontynuować
other-digits-title = Wróć tam, gdzie wszystko się zaczęło
other-digits-body = Początek był w innej przeglądarce. W { $issuer } wszystko jest gotowe. Wróć do tamtej karty przeglądarki i wpisz te cyfry:
other-digits-careful = Wpisz je tylko na stronie otwartej na początku przez Ciebie. Ani { $issuer }, ani my nigdy o nie nie poprosimy.
