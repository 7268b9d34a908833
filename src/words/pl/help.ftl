# unreviewed

help-title = Pomoc
help-how-title = Jak działa dodawanie karty
help-how-choose = Wybierasz swój bank z listy.
help-how-sign-in = Logujesz się w swoim banku, w jego aplikacji lub na jego stronie, i tam wybierasz kartę.
help-how-check = Bank odsyła Cię tutaj. Sprawdzamy z Mastercard, czy odpowiedź jest prawdziwa.
help-how-terms = Czytasz i akceptujesz warunki swojego banku. Jeśli bank o to poprosi, potwierdzasz, że to Ty.
help-how-time = Dodawanie karty trzeba zakończyć w ciągu { $minutes ->
        [one] { $minutes } minuty
       *[other] { $minutes } minut
    }. Jeśli potrwa dłużej, zacznij od nowa; nic nie przepadnie i nic nie zostanie pobrane.
help-app-title = Aplikacja mojego banku nie przeniosła mnie z powrotem
help-app-body = Otwórz { $wallet } ponownie w przeglądarce, w której rozpoczęto dodawanie. Obok swoich kart zobaczysz to, co jeszcze trwa.
help-browser-title = Powrót nastąpił w innej przeglądarce
help-browser-body = Aby chronić Twoją kartę, kończymy tylko tam, gdzie rozpoczęto dodawanie. Zacznij od nowa w przeglądarce, którą otwiera Twój bank, albo skorzystaj ze strony banku zamiast aplikacji.
help-code-title = Kod nie dotarł
help-code-body = Może to potrwać kilka minut. Na stronie, na której wpisuje się kod, można poprosić o niego ponownie. Jeśli to nie pomoże, zadzwoń do banku: numer jest na odwrocie karty.
help-message-title = Przyszła do mnie wiadomość o karcie, która nie została przeze mnie dodana
help-message-body = Natychmiast zadzwoń do swojego banku.
privacy-title = Prywatność
privacy-body = { $wallet } nie widzi ani numeru karty, ani hasła. Dla { $host } zapisujemy plik cookie, dzięki któremu karta trafia do Twojego portfela, a nie do cudzego. To, co tu wybierzesz, na przykład język i kraj, oraz używane banki są zapamiętywane tylko w tej przeglądarce, w osobnych plikach cookie. Żadna strona nie wczytuje niczego z obcych adresów.
accessibility-title = Dostępność
accessibility-body = Każda strona działa z klawiaturą, z czytnikiem ekranu, przy powiększeniu 400 % i bez JavaScriptu. Jeśli coś u Ciebie nie działa, powiedz nam, która to była strona.

language-title = Język
language-choose = Wybierz język
language-unreviewed = Tłumaczenie jeszcze niesprawdzone
language-banks = Nazwy i warunki banków są pokazywane w języku, którego używa bank.
theme-choose = Kolory
theme-system = Jak w systemie
theme-light = Jasne
theme-dark = Ciemne
language-save = Zapisz

error-gateway-title = Nie można połączyć się z { $wallet }
error-gateway-body = Coś po drodze między Tobą a nami nie działa. Twoje karty są bezpieczne. Spróbuj ponownie za minutę.
error-unavailable-title = Nie możemy teraz odpowiedzieć
error-unavailable-body = Jest tu zbyt wiele osób naraz albo trwa aktualizacja. Twoje karty są bezpieczne. Spróbuj ponownie za minutę.
