# unreviewed

help-title = ヘルプ
help-how-title = カードを追加する流れ
help-how-choose = 一覧から銀行を選びます。
help-how-sign-in = 銀行のアプリまたはウェブサイトでログインし、そこでカードを選びます。
help-how-check = 銀行からここに戻ります。返答が本物であることをMastercardに確認します。
help-how-terms = 銀行の規約を読んで同意します。銀行が求めた場合は、ご本人確認をします。
help-how-time = カードの追加は{ $minutes }分以内に終える必要があります。それより長くかかった場合は、最初からやり直してください。何も失われず、料金も発生しません。
help-app-title = 銀行のアプリから戻ってこられませんでした
help-app-body = 始めたときのブラウザーで{ $wallet }をもう一度開いてください。カード一覧に、進行中のものが表示されます。
help-browser-title = 別のブラウザーに戻ってきました
help-browser-body = カードを守るため、始めたブラウザーでのみ完了できます。銀行が開くブラウザーで最初からやり直すか、アプリの代わりに銀行のウェブサイトをご利用ください。
help-code-title = コードが届きません
help-code-body = 数分かかることがあります。コードを入力するページで、もう一度送るよう依頼できます。それでも届かない場合は、銀行にお電話ください。番号はカードの裏面にあります。
help-message-title = 追加していないカードについての連絡が届きました
help-message-body = すぐに銀行へお電話ください。
privacy-title = プライバシー
privacy-body = { $wallet }がカード番号やパスワードを知ることはありません。{ $host }のために保存されるCookieは、カードがほかの人ではなくご自身のウォレットに入るようにするためのものです。言語や国など、ここで選んだ内容と、利用した銀行は、別のCookieに、このブラウザーにのみ保存されます。どのページも、外部から何も読み込みません。
accessibility-title = アクセシビリティ
accessibility-body = どのページも、キーボード、スクリーンリーダー、400 %の拡大表示で、またJavaScriptなしでも利用できます。うまく動かないところがあれば、どのページだったかをお知らせください。

language-title = 言語
language-choose = 言語を選んでください
language-unreviewed = 翻訳は未確認です
language-banks = 銀行の名前と規約は、銀行が使う言語で表示されます。
theme-choose = 配色
theme-system = システムに合わせる
theme-light = ライト
theme-dark = ダーク
language-save = 保存

error-gateway-title = { $wallet }に接続できません
error-gateway-body = 通信の途中で問題が起きています。カードは安全です。1分ほどしてから、もう一度お試しください。
error-unavailable-title = 現在、応答できません
error-unavailable-body = アクセスが集中しているか、更新作業中です。カードは安全です。1分ほどしてから、もう一度お試しください。
