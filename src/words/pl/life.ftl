# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = Wstrzymana przez Ciebie
card-paused-body = Ta karta została przez Ciebie wstrzymana. Nie można nią płacić, dopóki jej nie wznowisz.
card-pause = Wstrzymaj
card-resume = Wznów
card-remove = Usuń
card-pausing = Prosimy Mastercard o wstrzymanie tej karty.
card-resuming = Prosimy Mastercard o wznowienie tej karty.
card-removing = Prosimy Mastercard o usunięcie tej karty.
card-change-doubt = Odpowiedź zaginęła po drodze. Sprawdzamy w Mastercard, jaki jest stan tej karty. O nic nie prosimy dwa razy.
card-change-not-done = Nie udało się. Nic się nie zmieniło. Spróbuj ponownie za chwilę.
card-change-refused = Mastercard na to nie zezwolił. Poniższy status jest aktualny.
card-change-unclear = Nie dowiedzieliśmy się, czy się udało. Jeśli poniższy status wygląda na błędny, zapytaj w banku { $issuer }.
card-remove-title = Usunąć tę kartę?
card-remove-body = Karta zniknie z tego portfela i nie będzie można jej tu używać. Sama karta banku { $issuer } pozostanie bez zmian i będzie można dodać ją ponownie później.
card-remove-keep = Zachowaj kartę
