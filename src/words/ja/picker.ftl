# unreviewed

picker-title = 銀行のカードを追加
picker-lede = ログインはこのページではなく、銀行で行います。パスワードがこちらに伝わることはありません。
picker-search-label = 銀行を探す
picker-search-hint = 名前の一部を入力してください。表記は問いません。
picker-country-label = 国または地域
picker-country-all = すべての国と地域
picker-country-option = { $country }（{ $count }）
picker-submit = 検索
picker-clear = 検索を消去
picker-count = { $total ->
       *[other] { $total }行
    }
picker-count-partial = { $total ->
       *[other] { $total }行
    }のうち{ $shown }行を表示
picker-count-query = { $total ->
        [0] 「{ $query }」に一致する銀行はありません
       *[other] 「{ $query }」に一致する銀行：{ $total }行
    }
picker-count-query-partial = 「{ $query }」に一致する{ $total ->
       *[other] { $total }行
    }のうち{ $shown }行を表示
picker-group-recent = 以前に利用した銀行
picker-recent-clear = このリストを消去
picker-group-popular = よく利用される銀行
picker-group-popular-country = { $country }でよく利用される銀行
picker-group-all = すべての銀行
picker-group-all-country = { $country }のすべての銀行
picker-group-results = 検索結果
picker-more = さらに{ $count }行を表示
picker-countries-two = { $first }、{ $second }
picker-countries-more = { $first }、{ $second }、ほか{ $count }
picker-badge-opens-app = アプリが開きます
picker-badge-app = スマートフォンのアプリのみ
picker-badge-other-phone = この種類のスマートフォンでは使えません
picker-badge-other-device = この端末では使えません
picker-badge-degraded = 現在、問題が発生しています
picker-badge-down = 現在ご利用いただけません
picker-empty-query-title = 「{ $query }」に一致する銀行はありません
picker-empty-query-body = 表記をご確認いただくか、すべての国と地域で検索してください。
picker-empty-query-everywhere = 表記をご確認ください。
picker-empty-query-all = すべての国と地域で検索
picker-did-you-mean = { $suggestion }ではありませんか？
picker-empty-country = { $country }で対応している銀行はまだありません。
picker-empty-all-title = 利用できる銀行はまだありません
picker-empty-all-body = 対応するかどうかは各銀行が決めます。後ほどもう一度ご確認ください。
picker-empty-device-title = この端末で開ける銀行がありません
picker-missing-title = 利用する銀行が見つからない場合
picker-missing-body = この方法でMastercardとMaestroのカードを追加できる銀行だけを表示しています。一覧にない場合も、銀行のアプリからカードを追加できることがあります。
picker-missing-country = 表示中：{ $country }。{ $count ->
       *[other] ほかの国と地域に、さらに{ $count }行あります。
    }
picker-missing-country-all = すべての国と地域を表示
picker-missing-query = すべての国と地域で「{ $query }」を検索
picker-missing-marked = スマートフォン用のアプリ、または別の種類のスマートフォン用のアプリしかない銀行もあります。その場合は銀行名の下に表示されます。
picker-missing-hidden = { $count ->
       *[other] この端末で開けないため、{ $count }行を表示していません。
    }スマートフォンで銀行をお探しください。
picker-missing-health = 現在問題が発生している銀行も一覧に残り、そのことが銀行名の下に表示されます。
picker-stale = この一覧の最終更新：{ $ago }
picker-ago-minutes = { $count ->
       *[other] { $count }分前
    }
picker-ago-hours = { $count ->
       *[other] { $count }時間前
    }
picker-ago-days = { $count ->
       *[other] { $count }日前
    }
picker-letters = 頭文字へ移動
