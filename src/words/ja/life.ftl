# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = お客様が一時停止しています
card-paused-body = お客様がこのカードを一時停止しました。再開するまで、このカードではお支払いいただけません。
card-pause = 一時停止
card-resume = 再開
card-remove = 削除
card-pausing = このカードの一時停止を Mastercard に依頼しています。
card-resuming = このカードの再開を Mastercard に依頼しています。
card-removing = このカードの削除を Mastercard に依頼しています。
card-change-doubt = 回答が途中で失われたため、このカードの状態を Mastercard に確認しています。同じ依頼を二度送ることはありません。
card-change-not-done = うまくいきませんでした。何も変更されていません。しばらくしてからもう一度お試しください。
card-change-refused = Mastercard に認められませんでした。下の状態が現在の状態です。
card-change-unclear = うまくいったかどうか確認できませんでした。下の状態が正しくないと思われる場合は、{ $issuer }にお問い合わせください。
card-remove-title = このカードを削除しますか？
card-remove-body = カードはこのウォレットから消え、ここでは使えなくなります。{ $issuer }のカード自体はそのままで、後でもう一度追加できます。
card-remove-keep = カードを残す
