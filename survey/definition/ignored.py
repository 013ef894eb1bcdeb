"""Keys that SurveyJS writes and a chat has no use for: they load, and `survey check` says so.

LOOKS: how a page looks, so that nothing is lost. LOST: what a chat does not do, which the author should know. Both by
where a key stands: survey, page (panels too), question, choice.
"""


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOOKS: dict[str, frozenset[str]] = {
    "survey": _keys(
        """
        $schema allowCompleteSurveyAutomatic allowResizeComment autoAdvanceAllowComplete autoAdvanceEnabled
        autoFocusFirstError autoFocusFirstQuestion autoGrowComment backgroundImage backgroundImageAttachment
        backgroundImageFit backgroundOpacity checkErrorsMode clearInvisibleValues commentAreaRows
        completedBeforeHtml completeText cookieName editText firstPageIsStarted firstPageIsStartPage
        fitToContainer focusFirstQuestionAutomatic focusOnFirstError goNextPageAutomatic gridLayoutEnabled
        headerView keepIncorrectValues loadingHtml logo logoFit logoHeight logoPosition logoWidth
        maxCommentLength maxOthersLength maxTextLength mode navigationButtonsLocation pageNextText
        pagePrevText partialSendEnabled previewMode previewText progressBarInheritWidthFrom
        progressBarLocation progressBarNavigationTextLocation progressBarShowNavigationText
        progressBarShowPageNumbers progressBarShowPageTitles progressBarType questionDescriptionLocation
        questionErrorLocation questionsOnPageMode questionStartIndex questionTitleLocation
        questionTitlePattern questionTitleTemplate requiredMark requiredText sendResultOnPageNext
        showCompletedPage showCompletePage showNavigationButtons showPageNumbers showPageTitles
        showPrevButton showPreviewBeforeComplete showProgressBar showQuestionNumbers showTitle showTOC
        startSurveyText storeOthersAsComment surveyId surveyPostId textUpdateMode themeVariables tocLocation
        validateVisitedEmptyFields width widthMode
        """
    ),
    "page": _keys(
        """
        gridLayoutColumns id indent innerIndent maxWidth minWidth navigationButtonsVisibility
        navigationDescription navigationTitle questionErrorLocation questionStartIndex questionTitleLocation
        questionTitleWidth requiredErrorText showNavigationButtons showNumber showQuestionNumbers
        startWithNewLine state width
        """
    ),
    "question": _keys(
        """
        allowClear allowResize allowSwap alternateRows autoComplete autocomplete autoGenerate autoGrow
        cellType clearIfInvisible closeOnSelect colCount cols columnMinWidth commentPlaceholder cssClasses
        currency customLabels dataList defaultDisplayValue descriptionLocation displayMode
        displayRateDescriptionsAsExtremeItems displayStyle errorLocation format hasSelectAll
        hideIfChoicesEmpty hideIfRowsEmpty hideNumber hideSelectedItems id indent inputSize
        inputTextAlignment itemSize labelCount labelFormat maxErrorText maximumFractionDigits maxWidth
        minErrorText minimumFractionDigits minWidth optionsCaption otherErrorText otherPlaceHolder
        otherPlaceholder placeHolder placeholder precision rateColorMode rateDescriptionLocation rateDisplayMode
        rateType renderAs rows rowTitleWidth scaleColorMode searchEnabled searchMode selectAllText
        selectToRankAreasLayout selectToRankEmptyRankedAreaText selectToRankEmptyUnrankedAreaText
        separateSpecialChoices showClearButton showHeader showLabels showNumber showSelectAllItem size
        sliderType startWithNewLine state stepErrorText storeOthersAsComment swapOrder textUpdateMode
        textWrapEnabled titleLocation tooltipFormat tooltipVisibility useDisplayValuesInDynamicTexts
        useDisplayValuesInTitle useGrouping validateValueOnBlur verticalAlign width
        """
    ),
    "choice": _keys(
        """
        icon id imageLink
        """
    ),
}
LOST: dict[str, frozenset[str]] = {
    "survey": _keys(
        """
        maxTimeToFinish maxTimeToFinishPage navigateToUrl navigateToUrlOnCondition readOnly regionalFormat
        showTimer showTimerPanel showTimerPanelMode timeLimit timeLimitPerPage timerInfoMode timerLocation
        """
    ),
    "page": _keys(
        """
        isRequired maxTimeToFinish readOnly requiredIf timeLimit
        """
    ),
    "question": _keys(
        """
        allowCustomChoices bindings cells choicesEnableIf columnsVisibleIf commentText correctAnswer
        createCustomChoiceText hasComment maskSettings maskType readOnly resetValueIf showCommentArea
        valueName valuePropertyName
        """
    ),
    "choice": _keys(
        """
        commentPlaceholder isCommentRequired showCommentArea
        """
    ),
}


def ignored(place: str) -> frozenset[str]:
    """Return every key of one place that loads without effect."""
    return LOOKS[place] | LOST[place]
