# unreviewed

picker-title = إضافة بطاقة من بنكك
picker-lede = سيكون تسجيل الدخول لدى بنكك وليس هنا. نحن لا نرى كلمة مرورك أبدًا.
picker-search-label = البحث عن بنكك
picker-search-hint = يُرجى كتابة جزء من الاسم، بأي تهجئة.
picker-country-label = البلد
picker-country-all = جميع البلدان
picker-country-option = { $country } ({ $count })
picker-submit = بحث
picker-clear = مسح البحث
picker-count = { $total ->
        [zero] لا بنوك
        [one] بنك واحد
        [two] بنكان
        [few] { $total } بنوك
        [many] { $total } بنكًا
       *[other] { $total } بنك
    }
picker-count-partial = عرض { $shown } من أصل { $total ->
        [zero] { $total } بنك
        [one] بنك واحد
        [two] بنكين
        [few] { $total } بنوك
        [many] { $total } بنكًا
       *[other] { $total } بنك
    }
picker-count-query = { $total ->
        [zero] لم يُعثر على أي بنك لعبارة «{ $query }»
        [one] عُثر على بنك واحد لعبارة «{ $query }»
        [two] عُثر على بنكين لعبارة «{ $query }»
        [few] عُثر على { $total } بنوك لعبارة «{ $query }»
        [many] عُثر على { $total } بنكًا لعبارة «{ $query }»
       *[other] عُثر على { $total } بنك لعبارة «{ $query }»
    }
picker-count-query-partial = عرض { $shown } من أصل { $total ->
        [zero] { $total } بنك
        [one] بنك واحد
        [two] بنكين
        [few] { $total } بنوك
        [many] { $total } بنكًا
       *[other] { $total } بنك
    } لعبارة «{ $query }»
picker-group-recent = استُخدمت من قبل
picker-recent-clear = مسح هذه القائمة
picker-group-popular = الأكثر استخدامًا
picker-group-popular-country = الأكثر استخدامًا: { $country }
picker-group-all = جميع البنوك
picker-group-all-country = جميع البنوك: { $country }
picker-group-results = النتائج
picker-more = عرض { $count } إضافية
picker-countries-two = { $first } و{ $second }
picker-countries-more = { $first } و{ $second } و{ $count } غيرهما
picker-badge-opens-app = يفتح التطبيق
picker-badge-app = عبر تطبيق الهاتف فقط
picker-badge-other-phone = غير متاح لهذا النوع من الهواتف
picker-badge-other-device = غير متاح لهذا الجهاز
picker-badge-degraded = يواجه مشكلات حاليًا
picker-badge-down = غير متاح حاليًا
picker-empty-query-title = لا يوجد بنك يطابق «{ $query }»
picker-empty-query-body = يُرجى التحقّق من طريقة الكتابة، أو البحث في جميع البلدان.
picker-empty-query-everywhere = يُرجى التحقّق من طريقة الكتابة.
picker-empty-query-all = البحث في جميع البلدان
picker-did-you-mean = هل المقصود { $suggestion }؟
picker-empty-country = لا يقدّم أي بنك هذه الخدمة بعد في هذا البلد ({ $country }).
picker-empty-all-title = لا تتوفر بنوك بعد
picker-empty-all-body = يقرّر كل بنك ما إذا كان يقدّم هذه الخدمة. يُرجى التحقّق مرة أخرى لاحقًا.
picker-empty-device-title = لا يمكن فتح أي بنك على هذا الجهاز
picker-missing-title = بنكي ليس هنا
picker-missing-body = لا تظهر هنا إلا البنوك التي تتيح إضافة بطاقات Mastercard وMaestro بهذه الطريقة. إذا لم يكن بنكك منها، فقد تكون إضافة البطاقة ممكنة مع ذلك من داخل تطبيق بنكك.
picker-missing-country = البلد المعروض: { $country }. { $count ->
        [zero] لا توجد بنوك أخرى في بلدان أخرى.
        [one] يوجد بنك واحد آخر في بلدان أخرى.
        [two] يوجد بنكان آخران في بلدان أخرى.
        [few] توجد { $count } بنوك أخرى في بلدان أخرى.
        [many] يوجد { $count } بنكًا آخر في بلدان أخرى.
       *[other] يوجد { $count } بنك آخر في بلدان أخرى.
    }
picker-missing-country-all = عرض جميع البلدان
picker-missing-query = البحث عن «{ $query }» في جميع البلدان
picker-missing-marked = بعض البنوك ليس لديها إلا تطبيق للهاتف أو لنوع آخر من الهواتف، ويُذكر ذلك في سطرها.
picker-missing-hidden = { $count ->
        [zero] لا توجد بنوك مخفية.
        [one] لا يظهر بنك واحد لأنه لا يمكن فتحه على هذا الجهاز.
        [two] لا يظهر بنكان لأنه لا يمكن فتحهما على هذا الجهاز.
        [few] لا تظهر { $count } بنوك لأنه لا يمكن فتحها على هذا الجهاز.
        [many] لا يظهر { $count } بنكًا لأنه لا يمكن فتحها على هذا الجهاز.
       *[other] لا يظهر { $count } بنك لأنه لا يمكن فتحها على هذا الجهاز.
    } يُرجى البحث عن بنكك على هاتفك.
picker-missing-health = البنك الذي يواجه مشكلات حاليًا يبقى في القائمة، ويُذكر ذلك في سطره.
picker-stale = حُدّثت هذه القائمة آخر مرة { $ago }.
picker-ago-minutes = { $count ->
        [zero] الآن
        [one] قبل دقيقة واحدة
        [two] قبل دقيقتين
        [few] قبل { $count } دقائق
        [many] قبل { $count } دقيقة
       *[other] قبل { $count } دقيقة
    }
picker-ago-hours = { $count ->
        [zero] الآن
        [one] قبل ساعة واحدة
        [two] قبل ساعتين
        [few] قبل { $count } ساعات
        [many] قبل { $count } ساعة
       *[other] قبل { $count } ساعة
    }
picker-ago-days = { $count ->
        [zero] اليوم
        [one] قبل يوم واحد
        [two] قبل يومين
        [few] قبل { $count } أيام
        [many] قبل { $count } يومًا
       *[other] قبل { $count } يوم
    }
picker-letters = الانتقال إلى حرف
