# unreviewed

## Waiting for us
verify-title = Sprawdzamy Twoją kartę
adding-title = Dodajemy Twoją kartę
code-checking = Sprawdzamy Twój kod
verify-step-received = Odpowiedź z { $issuer } otrzymana
verify-step-genuine = Sprawdzamy, czy jest prawdziwa
verify-step-ready = Przygotowujemy Twoją kartę
verify-state-done = gotowe
verify-state-now = w toku
verify-state-todo = nierozpoczęte
verify-status = Krok { $n } z 3: { $step }.
verify-code = { $issuer } sprawdza kod.
verify-hint = Zwykle trwa to kilka sekund. Możesz zostawić tę stronę otwartą.
verify-slow = Trwa to dłużej niż zwykle. Czekamy na Mastercard. Nie musisz nic robić.
verify-very-slow = Wciąż czekamy na odpowiedź Mastercard. Możesz opuścić tę stronę: będziemy próbować dalej i pokażemy wynik przy Twoich kartach.
verify-retrying = { $issuer } wykonał już swoją część. Czekamy na Mastercard i będziemy próbować jeszcze przez { $minutes ->
        [one] { $minutes } minutę
        [few] { $minutes } minuty
        [many] { $minutes } minut
       *[other] { $minutes } minuty
    }. Nie musisz ponownie się logować.
verify-doubt = Odpowiedź zaginęła po drodze. Sprawdzamy w Mastercard, co stało się z Twoją kartą. Karta nigdy nie jest dodawana dwa razy.
verify-leave = Możesz opuścić tę stronę: będziemy próbować dalej i pokażemy wynik przy Twoich kartach.
verify-check = Sprawdź ponownie

## Terms
terms-title = Warunki używania tej karty w portfelu: { $issuer }
terms-lede = { $issuer } wymaga akceptacji tych warunków przed dodaniem karty.
terms-lede-several = { $issuer } wymaga akceptacji tych warunków przed dodaniem { $cards ->
        [one] { $cards } karty
        [few] { $cards } kart
        [many] { $cards } kart
       *[other] { $cards } karty
    }.
terms-skip = Przejdź do przycisków
terms-contents = Spis treści
terms-language = { $issuer } udostępnia te warunki w języku: { $language }.
terms-text = Warunki: { $issuer }
terms-print = Drukuj
terms-pdf-only = { $issuer } udostępnia te warunki w pliku PDF. Otwórz go i przeczytaj przed akceptacją.
terms-pdf-open = Otwórz warunki (PDF, { $size })
terms-size = { $kilobytes } kB
terms-accept = Zaakceptuj i dodaj kartę
terms-accept-several = Zaakceptuj i dodaj karty
terms-decline = Nie akceptuję
terms-changed = Podczas Twojej lektury warunki zostały zmienione przez { $issuer }. Przeczytaj nową wersję.

## Choosing how to confirm
method-title = Potwierdź, że to Ty
method-lede = { $issuer } chce sprawdzić, czy ta karta należy do Ciebie. Wybierz sposób.
method-lede-ending = { $issuer } chce sprawdzić, czy karta z końcówką { $digits } należy do Ciebie. Wybierz sposób.
method-text = SMS na numer { $value }
method-email = E-mail na adres { $value }
method-call-auto = Zadzwoń pod { $value } i wysłuchaj kodu
method-call-agent = Zadzwoń: { $issuer }, { $value }
method-issuer-calls = Odbierz telefon na { $value }: zadzwoni { $issuer }
method-website = Zaloguj się w witrynie { $issuer }
method-app = Użyj aplikacji { $issuer }
method-continue = Dalej
method-later = Zrobię to później
method-error-none = Wybierz, jak { $issuer } ma potwierdzić, że to Ty
method-later-note = Karta pozostanie w portfelu do czasu potwierdzenia. Wcześniej nie można nią płacić.
method-not-sent = Tą drogą nie można teraz wysłać kodu. Wybierz inny sposób.
method-expired = Ten kod wygasł. Wybierz, jak otrzymać nowy.
method-unsure = Nie wiemy, czy ostatni kod się liczył. Wybierz, co dalej.

## The code
code-title = Wpisz kod: { $issuer }
code-sent-text = { $issuer } wysyła kod SMS-em na numer { $value }.
code-sent-email = { $issuer } wysyła kod e-mailem na adres { $value }.
code-sent-call = Zadzwoń pod { $value }. Usłyszysz kod.
code-card = Dotyczy Twojej karty z końcówką { $digits }.
code-label = Kod
code-hint = Może dotrzeć dopiero po minucie.
code-hint-call = Przygotuj coś do pisania.
code-submit = Potwierdź kod
code-resend = Wyślij kod ponownie
code-resend-wait = Ponownie poprosisz o kod za { $seconds ->
        [one] { $seconds } sekundę
        [few] { $seconds } sekundy
        [many] { $seconds } sekund
       *[other] { $seconds } sekundy
    }.
code-resend-now = Możesz już ponownie poprosić o kod.
code-resent = { $issuer } wysyła kod ponownie. Jeśli dotrą dwa, są takie same.
code-request-new = Poproś o nowy kod
code-none-left = Dla tej karty nie można wysłać więcej kodów. Jeśli żaden nie dotarł, zadzwoń do { $issuer }.
code-other = Wybierz inny sposób
code-error-empty = Wpisz kod
code-error-format = Kod składa się tylko z liter i cyfr, najwyżej { $max }. Wpisz go dokładnie tak jak w wiadomości.
code-error-wrong = Ten kod jest nieprawidłowy. { $left ->
        [one] Pozostała { $left } próba.
        [few] Pozostały { $left } próby.
        [many] Pozostało { $left } prób.
       *[other] Pozostało { $left } próby.
    }
code-error-wrong-last = Ten kod jest nieprawidłowy.
code-error-expired = Ten kod wygasł. Poproś o nowy.
code-error-not-sent = Nie udało się wysłać kodu. Poproś ponownie albo wybierz inny sposób.
code-error-unsure = Nie wiemy, czy ostatnia próba się liczyła. Wpisz kod jeszcze raz.
code-error-not-tried = Nie mogliśmy teraz sprawdzić kodu. Nie liczy się to jako próba. Wpisz go jeszcze raz.

## Waiting for the issuer
await-title = Czekamy na potwierdzenie: { $issuer }
await-body = Twoja karta jest w portfelu. Będzie można jej używać, gdy { $issuer } potwierdzi, że to Ty.
await-agent = Zadzwoń do { $issuer } pod { $value } i powiedz, że dodajesz kartę do { $wallet }. Ta strona zmieni się po potwierdzeniu.
await-callback = { $issuer } zadzwoni pod { $value }. Ta strona zmieni się po potwierdzeniu.
await-website = Zaloguj się w witrynie { $issuer } i tam potwierdź.
await-website-go = Przejdź do witryny { $issuer }
await-app = Otwórz aplikację { $issuer } i tam potwierdź.
await-check = Sprawdź ponownie
await-later = Możesz opuścić tę stronę. Karta pozostanie do tego czasu w portfelu; wcześniej nie można nią płacić.

## Success
done-title = Karta dodana
done-title-several = Karty dodane
done-body = Twoja karta { $issuer } z końcówką { $digits } jest gotowa do użycia w { $wallet }.
done-body-plain = Twoja karta { $issuer } jest gotowa do użycia w { $wallet }.
done-body-several = { $cards ->
        [one] { $cards } karta { $issuer } jest w { $wallet }.
        [few] { $cards } karty { $issuer } są w { $wallet }.
        [many] { $cards } kart { $issuer } jest w { $wallet }.
       *[other] { $cards } karty { $issuer } jest w { $wallet }.
    }
done-note = { $issuer } może wysłać wiadomość o dodaniu tej karty. Jeśli otrzymasz wiadomość o karcie, której nie dodano za Twoją wiedzą, zadzwoń tam.
done-another = Dodaj kolejną kartę
