# unreviewed
# A card after it was added: paused, gone on with, removed.

home-card-state-paused = أوقفتها أنت مؤقتًا
card-paused-body = لقد أوقفت هذه البطاقة مؤقتًا. لا يمكنك الدفع بها حتى تستأنفها.
card-pause = إيقاف مؤقت
card-resume = استئناف
card-remove = إزالة
card-pausing = نطلب من Mastercard إيقاف هذه البطاقة مؤقتًا.
card-resuming = نطلب من Mastercard استئناف هذه البطاقة.
card-removing = نطلب من Mastercard إزالة هذه البطاقة.
card-change-doubt = ضاع الرد في الطريق، لذلك نستعلم من Mastercard عن حالة هذه البطاقة. لا يُطلب شيء مرتين.
card-change-not-done = لم ينجح ذلك. لم يتغير شيء. حاول مرة أخرى بعد قليل.
card-change-refused = لم تسمح Mastercard بذلك. الحالة أدناه هي الحالة الحالية.
card-change-unclear = لم نعرف ما إذا كان ذلك قد نجح. اسأل { $issuer } إذا بدت لك الحالة أدناه خاطئة.
card-remove-title = هل تريد إزالة هذه البطاقة؟
card-remove-body = ستختفي البطاقة من هذه المحفظة ولن يمكن استخدامها هنا بعد ذلك. أما بطاقتك من { $issuer } نفسها فتبقى كما هي، ويمكنك إضافتها مرة أخرى لاحقًا.
card-remove-keep = الاحتفاظ بالبطاقة
