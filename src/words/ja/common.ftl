# unreviewed

skip-link = 本文へ移動
language-link =
    .aria-label = { $language }。表示する言語の変更
footer-label = このサイトについて
footer-help = ヘルプ
footer-privacy = プライバシー
footer-accessibility = アクセシビリティ
demo-ribbon = デモです。銀行もカードもお金も、すべて架空のものです。
demo-scenario = デモのシナリオ：{ $name }
legal-marks = Mastercard および Maestro は、Mastercard International Incorporated の登録商標です。
legal-demo = { $wallet }はデモであり、Mastercard およびいかなる銀行とも関係がありません。
page-title = { $page } – { $wallet }
back-home = カード一覧へ
get-help = ヘルプを見る
cancel-attempt = キャンセル
    .aria-label = キャンセル：このカードの追加をやめる
error-title = エラー：{ $page }
error-summary-title = 入力内容に問題があります
reference-line = お問い合わせ番号：{ $reference }
offline-banner = オフラインです。接続が戻ると、このページは続きから進みます。
opening-next = 完了しました。次の手順を開いています。
what-now = できること
not-added = カードは追加されておらず、料金も発生していません。
add-a-card = 銀行のカードを追加
time-left = 残り時間は約{ $minutes }分です。
