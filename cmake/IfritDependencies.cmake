# SPDX-License-Identifier: Apache-2.0
# Every outside library, found once. tools/setup installs the Debian packages behind them.
find_package(Threads REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
if(NOT IFRIT_MANAGE_ONLY)
    find_package(CURL REQUIRED)
endif()
# Not by pkg-config: its flags would change what a shared precompiled header says.
find_library(re2_library re2 REQUIRED)
find_path(re2_include_dir re2/re2.h REQUIRED)
add_library(ifrit_re2 INTERFACE)
add_library(Ifrit::Re2 ALIAS ifrit_re2)
target_include_directories(ifrit_re2 SYSTEM INTERFACE "${re2_include_dir}")
target_link_libraries(ifrit_re2 INTERFACE "${re2_library}")
pkg_check_modules(LibArchive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(LibSystemd IMPORTED_TARGET libsystemd)
if(NOT IFRIT_MANAGE_ONLY)
    # Not by pkg-config: its flags would change what a shared precompiled header says.
    find_library(hiredis_library hiredis REQUIRED)
    find_path(hiredis_include_dir hiredis/hiredis.h REQUIRED)
    add_library(ifrit_hiredis INTERFACE)
    add_library(Ifrit::Hiredis ALIAS ifrit_hiredis)
    target_include_directories(ifrit_hiredis SYSTEM INTERFACE "${hiredis_include_dir}")
    target_link_libraries(ifrit_hiredis INTERFACE "${hiredis_library}")
    find_library(microhttpd_library microhttpd REQUIRED)
    find_path(microhttpd_include_dir microhttpd.h REQUIRED)
    add_library(ifrit_microhttpd INTERFACE)
    add_library(Ifrit::Microhttpd ALIAS ifrit_microhttpd)
    target_include_directories(ifrit_microhttpd SYSTEM INTERFACE "${microhttpd_include_dir}")
    target_link_libraries(ifrit_microhttpd INTERFACE "${microhttpd_library}")
    find_package(prometheus-cpp CONFIG REQUIRED)
endif()
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
add_library(ifrit_cli11 INTERFACE)
add_library(Ifrit::Cli11 ALIAS ifrit_cli11)
target_include_directories(ifrit_cli11 SYSTEM INTERFACE "${CLI11_INCLUDE_DIR}")

# Qt Core is used by the master (SQL) and the manage tier; the agent links none of it.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network Sql LinguistTools)
if(IFRIT_TESTS)
    find_package(Qt6 REQUIRED COMPONENTS Test)
endif()
if(IFRIT_DESKTOP)
    find_package(Qt6 REQUIRED COMPONENTS Gui Widgets Svg Charts)
    # Where tokens of password logins are kept; without it they live as long as the program.
    find_package(Qt6Keychain QUIET)
    if(NOT Qt6Keychain_FOUND)
        message(STATUS "no qtkeychain: ifrit-desktop keeps no login over its end")
    endif()
endif()

# ifrit-agent is a package among others: it must run on machines that have none of these libraries.
# A program with the property IFRIT_SELF_CONTAINED links archives in their place, and of the machine's
# own only libc and libm; every other target links the shared ones (docs/decisions/0005), but for
# what the tests start thousands of times (ifrit_starts_often()).
# One with the property IFRIT_BOUND has them out of the one library bound_libraries, but for those
# named with BOUND (tests/agent/support).
# ifrit_dependency(Grpc SHARED gRPC::grpc++ STATIC grpc++ grpc [BOUND more])
function(ifrit_dependency name)
    cmake_parse_arguments(arg "" "" "SHARED;STATIC;BOUND" ${ARGN})
    if(NOT arg_BOUND)
        set(arg_BOUND bound_libraries)
    endif()
    if(NOT IFRIT_SANITIZE)
        set(own "$<BOOL:$<TARGET_PROPERTY:IFRIT_SELF_CONTAINED>>")
        set(bound "$<BOOL:$<TARGET_PROPERTY:IFRIT_BOUND>>")
    else()
        set(own 0)  # the sanitizers' runtime wants to see the shared ones
        set(bound 0)
    endif()
    add_library(ifrit_dependency_${name} INTERFACE)
    add_library(Ifrit::${name} ALIAS ifrit_dependency_${name})
    target_link_libraries(ifrit_dependency_${name} INTERFACE
        "$<$<NOT:$<OR:${own},${bound}>>:${arg_SHARED}>" "$<${own}:${arg_STATIC}>"
        "$<${bound}:${arg_BOUND}>")
endfunction()

if(NOT IFRIT_MANAGE_ONLY)  # only ifrit-agent links them
    # The full paths of lib<name>.a; the linkers that we take (mold, lld) do not mind their order.
    function(ifrit_archives variable)
        set(found "")
        foreach(name ${ARGN})
            find_library(archive_${name} NAMES lib${name}.a REQUIRED)
            list(APPEND found "${archive_${name}}")
        endforeach()
        set(${variable} "${found}" PARENT_SCOPE)
    endfunction()

    find_library(absl_status_archive NAMES libabsl_status.a REQUIRED)
    cmake_path(GET absl_status_archive PARENT_PATH archive_folder)
    file(GLOB absl_archives "${archive_folder}/libabsl_*.a")
    ifrit_archives(grpc_archives grpc++ grpc gpr upb address_sorting cares re2 z protobuf ssl crypto)
    ifrit_archives(package_archives archive zstd)
    find_library(zstd_library zstd REQUIRED)
    find_library(re2_library re2 REQUIRED)
endif()
ifrit_dependency(Absl SHARED absl::status absl::statusor absl::synchronization
    STATIC ${absl_archives} BOUND ${absl_archives})
ifrit_dependency(Grpc SHARED gRPC::grpc++ protobuf::libprotobuf
    STATIC ${grpc_archives} ${absl_archives}
    BOUND bound_libraries protobuf::libprotobuf ${absl_archives})
ifrit_dependency(OpenSsl SHARED OpenSSL::Crypto STATIC "${archive_crypto}")
ifrit_dependency(OpenSslTls SHARED OpenSSL::SSL OpenSSL::Crypto
    STATIC "${archive_ssl}" "${archive_crypto}")
ifrit_dependency(Archive SHARED PkgConfig::LibArchive STATIC ${package_archives} "${archive_z}"
    BOUND "${archive_archive}" "${zstd_library}" ZLIB::ZLIB)
# Debian has no archives of these three: they are built from their headers (agent/bundled).
ifrit_dependency(Fmt SHARED fmt::fmt STATIC agent_bundled)
ifrit_dependency(Spdlog SHARED spdlog::spdlog STATIC agent_bundled)
ifrit_dependency(Toml SHARED tomlplusplus::tomlplusplus STATIC agent_bundled)
