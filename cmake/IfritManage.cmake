# SPDX-License-Identifier: Apache-2.0
# The manage tier alone (-DIFRIT_MANAGE_ONLY=ON), for systems on which only operators sit: Windows
# (MSYS2's UCRT64) and macOS (Homebrew); see .github/workflows/build.yml for what they install. On
# Linux it builds the same subset, so that a change that breaks the subset is seen there.
add_subdirectory(shared)
add_subdirectory(gui)

include(GNUInstallDirs)
install(TARGETS ifritctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ctl)
install(TARGETS ifrit-desktop RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    BUNDLE DESTINATION . COMPONENT desktop)
install(FILES "${CMAKE_SOURCE_DIR}/LICENSES/GPL-3.0-or-later.txt"
    "${CMAKE_SOURCE_DIR}/LICENSES/Apache-2.0.txt" DESTINATION licenses COMPONENT desktop)

set(CPACK_PACKAGE_NAME ifrit)
set(CPACK_PACKAGE_VENDOR "ifrit developers")
set(CPACK_PACKAGE_CONTACT "ifrit developers <dev@ifrit.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_SOURCE_DIR}/LICENSES/GPL-3.0-or-later.txt")
set(CPACK_PACKAGE_EXECUTABLES ifrit-desktop ifrit)
set(icons "${CMAKE_SOURCE_DIR}/installer/icons")
if(WIN32)
    set(CPACK_GENERATOR NSIS ZIP)
    set(CPACK_NSIS_DISPLAY_NAME ifrit)
    set(CPACK_NSIS_MUI_ICON "${icons}/ifrit.ico")
    set(CPACK_NSIS_MUI_UNIICON "${icons}/ifrit.ico")
    set(CPACK_NSIS_INSTALLED_ICON_NAME "bin\\\\ifrit-desktop.exe")
    set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
    set(CPACK_NSIS_MODIFY_PATH ON)
    # Links of the form ifrit://... open the desktop; they go with it.
    set(CPACK_NSIS_EXTRA_INSTALL_COMMANDS "
WriteRegStr SHCTX 'Software\\\\Classes\\\\ifrit' '' 'URL:ifrit'
WriteRegStr SHCTX 'Software\\\\Classes\\\\ifrit' 'URL Protocol' ''
WriteRegStr SHCTX 'Software\\\\Classes\\\\ifrit\\\\shell\\\\open\\\\command' '' '\\\"$INSTDIR\\\\bin\\\\ifrit-desktop.exe\\\" \\\"%1\\\"'")
    set(CPACK_NSIS_EXTRA_UNINSTALL_COMMANDS "DeleteRegKey SHCTX 'Software\\\\Classes\\\\ifrit'")
    # Qt's own libraries and plugins beside the program.
    find_program(windeployqt NAMES windeployqt6 windeployqt REQUIRED)
    install(CODE "execute_process(COMMAND \"${windeployqt}\" --no-translations
        \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/ifrit-desktop.exe\" COMMAND_ERROR_IS_FATAL ANY)"
        COMPONENT desktop)
elseif(APPLE)
    set(CPACK_GENERATOR DragNDrop)
    set(CPACK_DMG_VOLUME_NAME ifrit)
    set_target_properties(ifrit-desktop PROPERTIES MACOSX_BUNDLE ON
        OUTPUT_NAME ifrit
        MACOSX_BUNDLE_INFO_PLIST "${CMAKE_SOURCE_DIR}/installer/macos/Info.plist.in"
        MACOSX_BUNDLE_GUI_IDENTIFIER io.ifrit.Desktop
        MACOSX_BUNDLE_BUNDLE_NAME ifrit
        MACOSX_BUNDLE_ICON_FILE ifrit.icns
        MACOSX_BUNDLE_BUNDLE_VERSION "${PROJECT_VERSION}"
        MACOSX_BUNDLE_SHORT_VERSION_STRING "${PROJECT_VERSION}")
    target_sources(ifrit-desktop PRIVATE "${icons}/ifrit.icns")
    set_source_files_properties("${icons}/ifrit.icns" TARGET_DIRECTORY ifrit-desktop
        PROPERTIES MACOSX_PACKAGE_LOCATION Resources)
    find_program(macdeployqt REQUIRED)
    install(CODE "execute_process(COMMAND \"${macdeployqt}\" \"\${CMAKE_INSTALL_PREFIX}/ifrit.app\"
        COMMAND_ERROR_IS_FATAL ANY)" COMPONENT desktop)
else()
    set(CPACK_GENERATOR TGZ)
endif()
include(CPack)
